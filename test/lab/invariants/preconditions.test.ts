import { describe, expect, it } from 'vitest'
import { guardsFor, type KafkaVersion } from '../../../src/kafka/version.ts'
import { INVARIANTS, notWatchedBecause } from '../../../src/lab/invariants/table.ts'
import { run } from '../../../src/lab/run.ts'
import { Simulation } from '../../../src/lab/simulation.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { brokenBy, type Setting, scenarioFor, watched } from './rig.ts'

const NO_BUG = () => {}
/** Broker 1 alone goes on, with a minimum of one, and is gone with what only it has. */
function lastOneGone(model: 'stop' | 'disks'): Setting['faults'] {
  return [
    { at: '5s', for: '30s', crash: 'broker-2 and broker-3' },
    { at: '20s', for: '30s', 'host-loss': { target: 'broker-1', model } },
  ]
}

function messageOf(work: () => void): string {
  try {
    work()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

function endOf(setting: Setting): string | null | undefined {
  return watched(setting, NO_BUG).invariants.run.partitions[0]?.endedBecause
}

describe('a clean run ends, and with it what it promises, when', () => {
  it('a replica outside the ISR is elected because the topic allows it', () => {
    const config = { 'unclean.leader.election.enable': true }
    const setting = { config, guards: { elr: false }, faults: lastOneGone('stop'), until: 90 }
    expect(endOf(setting)).toBe('unclean election')
    expect(brokenBy(setting)).toEqual([])
  })

  it('the only member of an ISR loses its disk', () => {
    const setting = { guards: { elr: false }, faults: lastOneGone('disks'), until: 90 }
    expect(endOf(setting)).toBe('no candidate is intact')
    expect(brokenBy(setting)).toEqual([])
  })

  it('min.insync.replicas changes while replicas are judged eligible by it', () => {
    const set = { 'min.insync.replicas': 2 }
    const faults = [{ at: '5s', 'alter-config': { topic: 'orders', set } }]
    expect(endOf({ faults })).toBe('min.insync.replicas changed')
    expect(endOf({ faults, guards: { elr: false } })).toBeNull()
  })
})

it('a disk lost while others have all of it ends nothing', () => {
  const faults = [{ at: '5s', for: '20s', crash: { target: 'broker-1', model: 'disk' } }]
  expect(endOf({ faults, until: 60 })).toBeNull()
  expect(endOf({ faults, until: 60, guards: { elr: false } })).toBeNull()
})

it('a coordinator that nobody hears may write anew what its disk has lost', () => {
  // Its reader is gone too, and the session of six seconds ends before the broker's of twenty.
  const text = `
version: "4.1"
duration: 40s
settle: 5s
regions: { r1: {}, r2: {}, r3: {} }
network: { rtt: { r1 ~ r2: 20ms, r1 ~ r3: 20ms, r2 ~ r3: 20ms } }
cluster:
  brokers: { r1: 1, r2: 1, r3: 1 }
  controllers: { r1: 1, r2: 1, r3: 1 }
  config: { offsets.topic.num.partitions: 1, broker.session.timeout.ms: 20000 }
topics: [{ name: orders, assignment: [[2, 3, 1]] }]
producers: [{ name: shop, region: r2, topic: orders, rate: 100/s }]
consumers:
  - name: reader
    region: r1
    topic: orders
    config: { group.id: g, session.timeout.ms: 6000, auto.commit.interval.ms: 1000 }
faults:
  - { at: 12s, crash: reader, for: 30s }
  - { at: 13s, crash: { target: coordinator of g, model: os }, for: 500ms }
`
  const scenario = scenarioOf(text, 'rewritten.yaml')
  const simulation = new Simulation(scenario, '1')
  simulation.boot()
  for (const producer of scenario.producers) simulation.clients.addProducer(producer)
  for (const consumer of scenario.consumers) simulation.clients.addConsumer(consumer)
  simulation.faults.schedule(scenario.faults)
  simulation.advance(45 * SECOND)
  const offsets = simulation.invariants.run.partitions.filter((each) => each.isRewritten)
  expect(offsets.map(({ name }) => name)).toEqual(['__consumer_offsets-0'])
  simulation.close()
})

it('logs that stay different are found also where nothing is promised any more', () => {
  // Two brokers lead in turn, each uncleanly, so that their logs share only their oldest epoch.
  const pingPong = (truncationIteratesEpochs: boolean): Setting => ({
    guards: { elr: false, truncationIteratesEpochs },
    config: { 'unclean.leader.election.enable': true },
    replicas: [1, 2],
    acks: '1',
    faults: [
      { at: '10s', for: '22s', crash: 'broker-1' },
      { at: '30s', for: '22s', crash: 'broker-2' },
      { at: '50s', for: '22s', crash: 'broker-1' },
      { at: '70s', for: '20s', crash: 'broker-2' },
    ],
    until: 100,
  })
  expect(endOf(pingPong(true))).toBe('unclean election')
  expect(brokenBy(pingPong(true))).toEqual([])
  expect(brokenBy(pingPong(false))).toEqual(['I19'])
})

describe('a guard that is off', () => {
  const setting: Setting = {
    guards: { elr: false, minIsrGatesHighWatermark: false },
    minIsr: 2,
    acks: '1',
    faults: [{ at: '5s', crash: 'broker-2 and broker-3' }],
  }

  it('takes along what rests on it, so that a run shows the anomaly', () => {
    expect(brokenBy(setting, NO_BUG, false)).toEqual([])
  })

  it('can be told to show what it prevents', () => {
    expect(brokenBy(setting, NO_BUG, true)).toEqual(['I10'])
  })

  it('ends the run with number, sentence, facts and the line that replays it, if told to', () => {
    const scenario = scenarioFor(setting)
    const message = messageOf(() =>
      run(scenario, 'rig', { watch: { despiteGuards: true }, file: 'rig.yaml' }),
    )
    const [claim, again] = message.split('\n')
    expect(claim).toMatch(/^I10: A high watermark moves only .* \(at: \d+\.\d{6} s, partition: /)
    expect(claim).toMatch(/orders-0, leader: 1, isr: 1, minIsr: 2, highWatermark: \d+\)$/)
    expect(again).toBe('replay: highwater run rig.yaml --seed rig')
  })
})

describe('the table', () => {
  it('has I1 to I20 and I23, each once', () => {
    const numbers = [...Array.from({ length: 20 }, (_, i) => i + 1), 23].map((n) => `I${n}`)
    expect(INVARIANTS.map(({ number }) => number)).toEqual(numbers)
  })

  it.each<[KafkaVersion, readonly string[]]>([
    ['4.1', ['I5', 'I14']],
    ['3.9', ['I4', 'I15']],
    ['3.6', ['I4', 'I10', 'I15']],
  ])('in %s all are watched but %j', (version, idle) => {
    const guards = guardsFor(version)
    const unwatched = INVARIANTS.filter((row) => notWatchedBecause(row, guards) !== null)
    expect(unwatched.map(({ number }) => number)).toEqual(idle)
  })
})
