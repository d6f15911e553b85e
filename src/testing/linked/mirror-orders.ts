// What people order of mirrors at any moment, sensible or not; and how they go to the other side
// and home again: mirrors are stopped, promoted or turned round, applications follow, the old
// primary becomes a mirror, and all of it once more the other way.

import fc from 'fast-check'
import type { ScenarioInput } from '../../scenario/document/document.ts'
import type { StepKindName } from '../../scenario/document/runbooks.ts'
import type { FaultInput } from '../../scenario/topologies/topology.ts'
import { choice, chosen, sometimes, time } from '../plain.ts'
import type { MirrorSet } from './edge.ts'

type Runbook = NonNullable<ScenarioInput['runbooks']>[number]
export type Step = Runbook['steps'][number] & Partial<Record<StepKindName, unknown>>

const COMMANDS_MAX = 3
const RESUMES_AFTER_MS = 5_000

export const commands = fc.array(
  fc.record({ link: choice, command: choice, atPercent: fc.nat(90) }),
  { maxLength: COMMANDS_MAX },
)
export type Commands = typeof commands extends fc.Arbitrary<infer T> ? T : never

export const failback = sometimes(
  fc.record({
    link: choice,
    atPercent: fc.integer({ min: 10, max: 60 }),
    waitsMs: fc.array(fc.nat(8_000), { minLength: 3, maxLength: 3 }),
    how: choice,
    /** Writers are stopped in order and all has crossed before anything is turned round. */
    isKilled: fc.boolean(),
    isSecond: fc.boolean(),
  }),
)
export type Failback = typeof failback extends fc.Arbitrary<infer T> ? T : never

/** One order, as an entry of a timetable without its moment. */
type Order = Omit<FaultInput, 'at'>

/** Whatever the tools take for these mirrors. */
function ordersFor({ system, link, topics, back }: MirrorSet): readonly Order[] {
  switch (system) {
    case 'cluster-link':
      return [
        ...[{ 'mirror-pause': { link } }, { 'link-pause': { link }, for: '5s' }],
        ...[{ 'mirror-failover': { link } }, { 'mirror-promote': { link } }],
        ...(back === null
          ? []
          : [
              { 'mirror-reverse': { link } },
              { 'mirror-reverse': { link, pause: true } },
              { 'mirror-truncate-and-restore': { link } },
            ]),
      ]
    case 'cluster-mirror':
      return [
        ...[
          { 'mirror-pause': { link } },
          { 'mirror-stop': { link } },
          { 'mirror-start': { link } },
        ],
        ...(back === null
          ? []
          : [{ 'mirror-start': { link: back, topics } }, { 'mirror-stop': { link: back } }]),
      ]
  }
}

/** Whoever pauses mirrors lets them go on later. */
export function commandsOf(
  of: Commands,
  mirrors: readonly MirrorSet[],
  loadMs: number,
): FaultInput[] {
  if (mirrors.length === 0) return []
  return of.flatMap((one): FaultInput[] => {
    const set = chosen(mirrors, one.link)
    const order = chosen(ordersFor(set), one.command)
    const atMs = Math.floor((loadMs * one.atPercent) / 100)
    const entry = { ...order, at: time(atMs) }
    if (!('mirror-pause' in order)) return [entry]
    const later = Math.min(atMs + RESUMES_AFTER_MS, loadMs - 1)
    return [entry, { at: time(later), 'mirror-resume': { link: set.link } }]
  })
}

/** Every client of a set's topics at one of its ends. */
export type ClientsOf = (cluster: string, topics: readonly string[]) => readonly string[]

/** At most one runbook, for one pair of clusters; none where no mirror has a way back. */
export function failbacksOf(
  of: Failback,
  mirrors: readonly MirrorSet[],
  clientsOf: ClientsOf,
  loadMs: number,
): Runbook[] {
  const pairs = mirrors.filter(({ back }) => back !== null)
  if (of === undefined || pairs.length === 0) return []
  const pair = chosen(pairs, of.link)
  const { from, to, topics } = pair
  const clients = clientsOf(from, topics)
  const [forth, home, again] = turns(of, pair)
  const how = of.isKilled ? 'kill' : 'close'
  const move = (where: string): Step[] =>
    clients.length === 0
      ? []
      : [{ 'move-clients': { clients, to: where, how, restart: ['1s', '2s'] } }]
  const waits = (index: number): Step => {
    return { takes: time(of.waitsMs[index] ?? 0), manual: { what: 'somebody decides' } }
  }
  const steps = [
    ...[...forth, ...move(to), waits(0), ...home],
    ...(of.isSecond ? [waits(1), ...again.slice(0, 1), ...move(from), waits(2)] : []),
    ...(of.isSecond ? again.slice(1) : []),
  ]
  const at = time(Math.floor((loadMs * of.atPercent) / 100))
  return [{ name: 'failback', detect: { at }, steps }]
}

/** There, home again, and there once more by what is then the way: a turn may take two orders. */
function turns(
  { how }: NonNullable<Failback>,
  { system, link, back, topics }: MirrorSet,
): readonly [forth: Step[], home: Step[], again: Step[]] {
  if (system === 'cluster-mirror') {
    const home = { 'mirror-start': { link: back, topics } }
    const again = [{ 'mirror-stop': { link: back } }, { 'mirror-start': { link, topics } }]
    return [[{ 'mirror-stop': { link } }], [home], again]
  }
  const failover = { 'mirror-failover': { link } }
  const reverse = { 'mirror-reverse': { link } }
  const restore = { 'mirror-truncate-and-restore': { link } }
  const forth = chosen([failover, { 'mirror-promote': { link } }, reverse], how)
  const home = forth === reverse ? [] : [restore]
  return [[forth], home, [chosen([reverse, failover], Math.floor(how / 3))]]
}
