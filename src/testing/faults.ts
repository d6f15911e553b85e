// Timetables: every kind of fault, at any target and any time, overlapping, repeated, healed in
// time or only when the load is over.

import fc from 'fast-check'
import {
  type AclOrderName,
  type FaultKindName,
  KINDS_WITHOUT_HEAL,
  type LinkFaultName,
} from '../faults/catalogue.ts'
import type { ScenarioInput } from '../scenario/document/document.ts'
import { keysOf } from '../sim/closed-table.ts'
import { percent, regionNames } from './geography.ts'
import { choice, chosen, filled, seldom, sometimes, time } from './plain.ts'
import { type Layout, type Picks, partitionText, sidesText, targetText } from './targets.ts'

type Entry = NonNullable<ScenarioInput['faults']>[number]

const FAULTS_MAX = 6

/** Numbers that a fault's parameters are picked with. */
interface FaultChoices {
  readonly target: Picks
  readonly second: Picks
  readonly variant: number
  readonly amount: number
}

type Builder = (layout: Layout, of: FaultChoices) => unknown

const DIRECTIONS = ['both', 'forward', 'backward'] as const
const lossOfPlace: Builder = (layout, of) => ({
  target: targetText(layout, of.target),
  model: chosen(['stop', 'power', 'isolate', 'disks'], of.variant),
})
const cut = (layout: Layout, of: FaultChoices) => ({
  between: sidesText(layout, of.target, of.second),
  direction: chosen(DIRECTIONS, of.variant),
})
const oneTarget: Builder = (layout, of) => targetText(layout, of.target)
const restarted = ({ variant, amount }: FaultChoices) => ({
  how: chosen(['terminate', 'kill'], variant),
  downtime: time(amount * 50),
})

/**
 * Kinds for a cluster by itself: random scenarios have neither links nor authorizers, firewalls
 * concern those that dial across, and nothing is promised of a deleted topic, nor of the keys of
 * one that grows.
 */
type ClusterFaultName = Exclude<
  FaultKindName,
  LinkFaultName | AclOrderName | 'firewall' | 'delete-topic' | 'create-topic' | 'add-partitions'
>

/** What each kind is given. The first kinds are the simplest, and what others shrink to. */
const BUILDERS: Readonly<Record<ClusterFaultName, Builder>> = {
  crash: (layout, of) => ({
    target: targetText(layout, of.target),
    model: chosen(['process', 'os', 'power', 'disk'], of.variant),
  }),
  'controlled-shutdown': oneTarget,
  pause: oneTarget,
  isolate: (layout, of) => ({
    target: targetText(layout, of.target),
    direction: chosen(['both', 'in', 'out'], of.variant),
  }),
  partition: cut,
  restart: (layout, of) => ({ target: targetText(layout, of.target), ...restarted(of) }),
  'host-loss': lossOfPlace,
  'zone-loss': lossOfPlace,
  'region-loss': lossOfPlace,
  flapping: (layout, of) => ({
    ...cut(layout, of),
    down: time(200 + of.amount * 50),
    up: time(200 + of.second[1] * 50),
  }),
  'slow-link': (layout, of) => ({ ...cut(layout, of), ...slownessOf(of) }),
  'slow-disk': (layout, of) => ({
    target: targetText(layout, of.target),
    factor: 1 + of.amount * 4,
  }),
  'disk-loss': oneTarget,
  start: oneTarget,
  'rolling-restart': (layout, of) => ({
    target: targetText(layout, of.target),
    ...restarted(of),
    pause: time(of.second[1] * 100),
  }),
  'elect-leaders': (layout, of) => {
    const topic = chosen([undefined, ...layout.topics.map(({ name }) => name)], of.second[0])
    const type = chosen(['preferred', 'unclean'], of.variant)
    return filled({ type, topic })
  },
  reassign: reassignment,
  'alter-config': (layout, of) => {
    const topic = { topic: chosen(layout.topics, of.second[0]).name }
    const broker = { broker: chosen(brokersOf(layout), of.second[1]) }
    return {
      ...chosen([topic, topic, {}, broker], of.amount),
      set: chosen(ALTERATIONS, of.variant),
    }
  },
  'unregister-broker': (layout, of) => ({ id: chosen(brokersOf(layout), of.amount) }),
  'gateway-loss': (layout, of) => ({
    target: `region ${chosen(regionNames(layout.geography), of.target[1])}`,
    model: chosen(['node', 'pod'], of.variant),
  }),
}

const ALTERATIONS = [
  { 'min.insync.replicas': 1 },
  { 'min.insync.replicas': 2 },
  { 'min.insync.replicas': 3 },
  { 'min.insync.replicas': null },
  { 'unclean.leader.election.enable': true },
  { 'unclean.leader.election.enable': false },
]

function slownessOf({ amount, variant, second }: FaultChoices) {
  const netem = `delay ${10 + amount * 4}ms ${second[1]}ms loss ${variant % 5}%`
  const figures = filled({
    delay: time(amount * 5),
    jitter: time(second[1]),
    loss: percent(variant),
    bandwidth: variant % 3 === 0 ? `${1 + second[2]}Mbit` : undefined,
  })
  return second[0] % 3 === 0 ? { netem } : figures
}

function brokersOf({ nodes }: Layout): number[] {
  return nodes.filter(({ roles }) => roles.includes('broker')).map(({ id }) => id)
}

/** Any run of brokers, in order from any first one; of a Confluent topic the last may observe. */
function reassignment(layout: Layout, { second, amount, variant }: FaultChoices): unknown {
  const ids = brokersOf(layout)
  const count = 1 + (amount % Math.min(4, ids.length))
  const replicas = Array.from({ length: count }, (_, i) => chosen(ids, second[1] + i))
  const [topic, partition] = splitName(partitionText(layout, second[0]))
  const watches = layout.isConfluent && count > 1 && variant % 2 === 1
  const observers = watches ? { observers: replicas.slice(-1) } : {}
  return { topic, partition, replicas, ...observers }
}

function splitName(name: string): [string, number] {
  const dash = name.lastIndexOf('-')
  return [name.slice(0, dash), Number(name.slice(dash + 1))]
}

/** What random scenarios of one cluster may come with. */
export const DRAWN_KINDS: readonly ClusterFaultName[] = keysOf(BUILDERS)
const picks = fc.tuple(choice, choice, choice)
const what = fc.record({
  kind: fc.constantFrom(...DRAWN_KINDS),
  target: picks,
  second: picks,
  variant: choice,
  amount: choice,
})
const entry = fc.record({
  what,
  /** Of the load's time. */
  atPercent: fc.integer({ min: 0, max: 95 }),
  forMs: sometimes(fc.integer({ min: 1, max: 150 }).map((n) => n * 100)),
  repeat: seldom(
    fc.record({ everyMs: fc.integer({ min: 1_000, max: 6_000 }), times: fc.constant(2) }),
  ),
})
const scatter = fc.record({
  count: fc.integer({ min: 1, max: 4 }),
  whats: fc.array(what, { minLength: 1, maxLength: 3 }),
})

export const timetable = fc.record({
  entries: fc.array(entry, { maxLength: FAULTS_MAX }),
  scatter: seldom(scatter),
})
export type Timetable = typeof timetable extends fc.Arbitrary<infer T> ? T : never

/** Entries at shares of the load's time `loadMs`; a key without anything in it is left out. */
export function faultsOf(
  of: Timetable,
  layout: Layout,
  loadMs: number,
): Pick<ScenarioInput, 'faults' | 'random'> {
  const entries = of.entries.map((one) => entryOf(one, layout, loadMs))
  return {
    ...(entries.length === 0 ? {} : { faults: entries }),
    ...(of.scatter === undefined ? {} : { random: scatterOf(of.scatter, layout, loadMs) }),
  }
}

function entryOf(of: Timetable['entries'][number], layout: Layout, loadMs: number): Entry {
  const { repeat, forMs } = of
  // A fault that repeats has healed before it strikes again.
  const wanted = repeat === undefined ? forMs : Math.min(forMs ?? 500, repeat.everyMs - 100)
  const lasts = KINDS_WITHOUT_HEAL.includes(of.what.kind) ? undefined : wanted
  return {
    at: time(Math.floor((loadMs * of.atPercent) / 100)),
    [of.what.kind]: BUILDERS[of.what.kind](layout, of.what),
    ...(lasts === undefined ? {} : { for: time(lasts) }),
    ...(repeat === undefined ? {} : { every: time(repeat.everyMs), times: repeat.times }),
  }
}

function scatterOf(of: NonNullable<Timetable['scatter']>, layout: Layout, loadMs: number) {
  const between: [string, string] = [time(Math.floor(loadMs / 10)), time(loadMs)]
  const lasts: [string, string] = ['500ms', '8s']
  const faults = of.whats.map((one) => ({ [one.kind]: BUILDERS[one.kind](layout, one) }))
  return { count: of.count, between, for: lasts, faults }
}
