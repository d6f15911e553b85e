import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { TopicDescription } from '../../src/contract.ts'
import { clusterState } from '../../src/lab/result/cluster-state.ts'
import { Simulation } from '../../src/lab/simulation.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { SECOND } from '../../src/sim/time.ts'
import table from './confluent-mrc.json' with { type: 'json' }

const TEXT = readFileSync(new URL('./confluent-mrc.yaml', import.meta.url), 'utf8')
const SEEDS = ['1', '2', '3', '4', '5', '6']

/** What the tutorial does for a permanent failover: replicas in the east, observers in the west. */
const REVERSED = `
  - at: 200s
    reassign:
      { topic: multi-region-default, partition: 0, replicas: [3, 4, 2, 1], observers: [2, 1] }
`

type Phase = keyof typeof table.phases

/** When each phase has settled; the last one waits 300 s for the preferred leaders. */
const PHASES: readonly (readonly [Phase, number])[] = [
  ['steady', 29],
  ['broker-west-1 stopped', 99],
  ['west stopped', 169],
  ['unclean election', 199],
]
const WEST_BACK = 640

interface Row {
  readonly leader: number | string | null
  readonly isr: readonly (number | string)[]
  readonly observersInIsr: number
}

describe.each(SEEDS)('Confluent’s multi-region tutorial, seed %s', (seed) => {
  it('leader, ISR and observers in it are as published, phase by phase', () => {
    const simulation = started(TEXT, seed)
    for (const [phase, until] of [...PHASES, ['west back', WEST_BACK] as const]) {
      expect(published(phase, tablesAt(simulation, until)), phase).toEqual(table.phases[phase])
    }
  })

  it('with the placement reversed before the west is back, leadership stays in the east', () => {
    const phase = 'west back, placement of multi-region-default reversed'
    const topics = tablesAt(started(TEXT + REVERSED, seed), WEST_BACK)
    expect(published(phase, topics), phase).toEqual(table.phases[phase])
    const moved = topics.find(({ name }) => name === 'multi-region-default')
    expect(moved?.partitions[0]?.observers).toEqual([2, 1])
  })
})

function started(text: string, seed: string): Simulation {
  const scenario = scenarioOf(text, 'confluent-mrc.yaml')
  const simulation = new Simulation(scenario, seed)
  simulation.boot()
  for (const producer of scenario.producers) simulation.clients.addProducer(producer)
  simulation.faults.schedule(scenario.faults)
  return simulation
}

function tablesAt(simulation: Simulation, seconds: number): readonly TopicDescription[] {
  simulation.advance(seconds * SECOND)
  return clusterState(simulation, simulation.clusters[0]).topics
}

/** The topics as the tutorial printed them, in its own words where it leaves a choice. */
function published(phase: Phase, topics: readonly TopicDescription[]): Record<string, Row> {
  const rows: Readonly<Record<string, Row>> = table.phases[phase]
  return Object.fromEntries(
    topics.map(({ name, partitions }) => {
      const { leader, isr, observers } = partitions[0]
      const wanted = rows[name] ?? { leader: null, isr: [], observersInIsr: 0 }
      const row: Row = {
        leader: leader === -1 ? null : wordFor(leader, [wanted.leader]),
        isr: inOrderOf(wanted.isr, isr),
        observersInIsr: isr.filter((id) => observers?.includes(id)).length,
      }
      return [name, row]
    }),
  )
}

/** Members as a set: those that the table has in its order, then those that it lacks. */
function inOrderOf(wanted: Row['isr'], isr: readonly number[]): Row['isr'] {
  const words = isr.map((id) => wordFor(id, wanted))
  return words.sort((a, b) => rank(wanted, a) - rank(wanted, b))
}

function rank(wanted: Row['isr'], word: number | string): number {
  const index = wanted.indexOf(word)
  return index < 0 ? wanted.length : index
}

/** The table's own word for a broker, if it lists the broker not by number but by a choice. */
function wordFor(id: number, wanted: readonly (number | string | null)[]): number | string {
  if (wanted.includes(id)) return id
  const choices: Readonly<Record<string, readonly number[]>> = table.choices
  const word = wanted.find((one) => typeof one === 'string' && choices[one]?.includes(id))
  return word ?? id
}
