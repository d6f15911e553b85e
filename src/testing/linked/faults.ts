// Faults that links feel: of their workers, of either end, and of the paths between.

import fc from 'fast-check'
import type { ScenarioInput } from '../../scenario/document/document.ts'
import { choice, chosen, seldom, simplestOf, time } from '../plain.ts'
import type { Around, Layout } from './links.ts'

type Entry = NonNullable<ScenarioInput['faults']>[number]

const FAULTS_MAX = 5

const KINDS = ['crash', 'pause', 'partition', 'isolate', 'restart', 'region-loss'] as const

const fault = fc.record({
  kind: fc.constantFrom(...KINDS),
  /** As often a process of a link as anything else. */
  isOfLink: fc.boolean(),
  target: choice,
  other: choice,
  variant: choice,
  /** Of the load's time. */
  atPercent: fc.integer({ min: 0, max: 95 }),
  /** The longest outlast a session of a group. */
  forMs: simplestOf(
    4,
    fc.integer({ min: 1, max: 150 }).map((n) => n * 100),
    fc.constantFrom(30_000, 60_000),
  ),
  stays: seldom(fc.constant(true)),
})

export const faults = fc.record({
  all: fc.array(fault, { maxLength: FAULTS_MAX }),
  /** Every one ends, so that in the end all must be well. */
  heal: simplestOf(2, fc.constant(true), fc.constant(false)),
})
export type Faults = typeof faults extends fc.Arbitrary<infer T> ? T : never

/** Whoever can be hit beside the processes of links. */
function targetsOf(around: Around): string[] {
  const leaders = around.topics.map(({ cluster, name }) => `leader of ${cluster}:${name}-0`)
  const clusters = around.sites.flatMap(({ name }) => [
    `one of brokers of cluster ${name}`,
    `brokers of cluster ${name}`,
    `active controller of cluster ${name}`,
  ])
  return [...leaders, ...clusters]
}

/**
 * Entries at shares of `loadMs`. A fault of a link hits one of its worker processes; where links
 * have none, it hits what others hit.
 */
export function faultsOf(of: Faults, layout: Layout, around: Around, loadMs: number): Entry[] {
  const others = targetsOf(around)
  const { processes } = layout
  const regions = [...new Set(around.sites.map(({ region }) => `region ${region}`))]
  return of.all.map((one): Entry => {
    const isOfLink = one.isOfLink && processes.length > 0
    const target = chosen(isOfLink ? processes : others, one.target)
    const region = chosen(regions, one.target)
    const opposite = [...regions.filter((name) => name !== region), 'rest']
    const params = {
      crash: { target, model: chosen(['process', 'os'], one.variant) },
      pause: target,
      isolate: { target, direction: chosen(['both', 'in', 'out'], one.variant) },
      partition: {
        between: [region, chosen(opposite, one.other)],
        direction: chosen(['both', 'forward', 'backward'], one.variant),
      },
      restart: { target, how: chosen(['terminate', 'kill'], one.variant), downtime: '500ms' },
      'region-loss': { target: region, model: chosen(['stop', 'power', 'isolate'], one.variant) },
    }[one.kind]
    const heals = one.kind !== 'restart' && (of.heal || one.stays !== true)
    return {
      at: time(Math.floor((loadMs * one.atPercent) / 100)),
      [one.kind]: params,
      ...(heals ? { for: time(one.forMs) } : {}),
    }
  })
}
