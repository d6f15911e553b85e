// M02. MirrorMaker gives its producer no partition, so the target's partitioner decides. From 4
// partitions to 6 a key keeps its number only where hash mod 4 = hash mod 6, one time in three;
// records without keys scatter. Between as many partitions keys stay. Where the target grows while
// the mirror runs, later records of a key go elsewhere than earlier ones: their order is gone. A
// message handler that keeps the partition, as MirrorMaker 2 does, holds both.

import { describe, expect, it } from 'vitest'
import { type History, RECORDS_PER_STREAM } from '../../src/history.ts'
import { ADMIN_DEFAULTS } from '../../src/kafka/clients/admin/admin-config.ts'
import { KafkaAdminClient } from '../../src/kafka/clients/admin/kafka-admin-client.ts'
import { partitionForKey, utf8 } from '../../src/kafka/clients/murmur2.ts'
import { Simulation } from '../../src/lab/simulation.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { SECOND } from '../../src/sim/time.ts'
import {
  type MirrorMaker1Case,
  mirrorMaker1Text,
  runMirrorMaker1,
} from '../lab/links/mirror-maker1.ts'
import { SEEDS } from './case.ts'

const SOURCE = 4
const OTHER = 6
const KEYS = 600
const SHORT = { duration: '12s', settle: '3s', partitions: SOURCE }

/** Numbers of the partitions of a topic in which each record stands, by record id. */
function placesIn(history: History, cluster: string): Map<number, number> {
  const places = new Map<number, number>()
  for (const { partition, ranges } of history.finalLogs) {
    const { topic, number, cluster: home } = history.partitions[partition] ?? {}
    if (topic !== 'orders' || home !== cluster || number === undefined) continue
    for (const { firstRecordId, count } of ranges) {
      for (let n = 0; n < count; n++) places.set(firstRecordId + n, number)
    }
  }
  return places
}

/** Share of the records that stand in a partition of another number than at the source. */
function moved(of: MirrorMaker1Case, seed: string): number {
  const { history } = runMirrorMaker1({ ...SHORT, ...of }, {}, seed)
  const [source, target] = [placesIn(history, 'A'), placesIn(history, 'B')]
  expect(target.size).toBe(source.size)
  expect(target.size).toBeGreaterThan(2_000)
  return [...source].filter(([id, number]) => target.get(id) !== number).length / source.size
}

/** Share of the keys whose hash says another number among six than among four. */
const SHARE_OF_KEYS =
  Array.from({ length: KEYS }, (_, key) => utf8(String(key))).filter(
    (key) => partitionForKey(key, SOURCE) !== partitionForKey(key, OTHER),
  ).length / KEYS

const FEW_KEYS = 40

/** Keys of one partition of the source; they are in turn those of its records. */
function keysOfHome(number: number): number[] {
  const keys = Array.from({ length: FEW_KEYS }, (_, key) => key)
  return keys.filter((key) => partitionForKey(utf8(String(key)), SOURCE) === number)
}

/** An administrator's tool gives the copy as many partitions as no key reckons with. */
function growTarget(simulation: Simulation): void {
  const { world } = simulation
  const { directory, bootstrapNodes } = simulation.clusterOf('B').port
  const zone = [...world.zones.values()][0]
  if (zone === undefined) throw new Error('no zone')
  const process = world.addProcess('tool', world.addHost('tool', zone))
  process.onBoot = () => {
    const options = { config: ADMIN_DEFAULTS, bootstrapNodes }
    const admin = new KafkaAdminClient(process, world.network, directory, options)
    admin.createPartitions([{ name: 'orders', partitions: OTHER }], () => {})
  }
  process.start(0)
}

/** Share of the keys whose records stand in two partitions of a target that grew half-way. */
function inTwoPlaces(keepsPartition: boolean, seed: string): number {
  const of = { ...SHORT, keys: FEW_KEYS, targetPartitions: SOURCE, keepsPartition }
  const scenario = scenarioOf(mirrorMaker1Text({ ...of, producer: FRESH }), 'm02.yaml')
  const simulation = new Simulation(scenario, seed)
  simulation.boot()
  for (const producer of scenario.producers) simulation.clients.addProducer(producer)
  simulation.advance(6 * SECOND)
  growTarget(simulation)
  simulation.advance(15 * SECOND)
  const history = simulation.close()
  const target = placesIn(history, 'B')
  const byKey = new Map<number, Set<number>>()
  for (const [id, number] of placesIn(history, 'A')) {
    const keys = keysOfHome(number)
    const key = keys[(id % RECORDS_PER_STREAM) % keys.length] ?? -1
    byKey.set(key, (byKey.get(key) ?? new Set<number>()).add(target.get(id) ?? -1))
  }
  expect(byKey.size).toBe(FEW_KEYS)
  return [...byKey.values()].filter(({ size }) => size > 1).length / FEW_KEYS
}

/** The mirror's producer learns of new partitions within two seconds. */
const FRESH = { 'metadata.max.age.ms': 2_000 }

describe.each(SEEDS)('M02: a mirror without partitions, seed %s', (seed) => {
  it('moves two keys in three between 4 partitions and 6', () => {
    expect(SHARE_OF_KEYS).toBeGreaterThan(0.6)
    expect(SHARE_OF_KEYS).toBeLessThan(0.73)
    const share = moved({ keys: KEYS, targetPartitions: OTHER }, seed)
    expect(Math.abs(share - SHARE_OF_KEYS)).toBeLessThan(0.02)
  })

  it('moves no key between as many partitions', () => {
    expect(moved({ keys: KEYS, targetPartitions: SOURCE }, seed)).toBe(0)
  })

  it('scatters records without keys, however many partitions there are', () => {
    const share = moved({ targetPartitions: SOURCE }, seed)
    expect(share).toBeGreaterThan(0.5)
  })

  it('has a key in two partitions once the target has grown', () => {
    expect(inTwoPlaces(false, seed)).toBeGreaterThan(0.5)
  })

  it('with a handler that keeps the partition moves nothing, nor when the target grows', () => {
    const of = { targetPartitions: OTHER, keepsPartition: true }
    expect(moved({ keys: KEYS, ...of }, seed)).toBe(0)
    expect(moved(of, seed)).toBe(0)
    expect(inTwoPlaces(true, seed)).toBe(0)
  })
})
