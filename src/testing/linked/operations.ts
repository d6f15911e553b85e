// What people do to links and topics while they run: mirrors are paused, failed over and promoted,
// workers stopped in order and started again, topics deleted and created anew; and a runbook that
// moves applications to the other side.

import fc from 'fast-check'
import type { ScenarioInput } from '../../scenario/document/document.ts'
import type { StepKindName } from '../../scenario/document/runbooks.ts'
import type { FaultInput } from '../../scenario/topologies/topology.ts'
import { choice, chosen, seldom, sometimes, time } from '../plain.ts'
import type { Around, Layout } from './links.ts'

type Runbook = NonNullable<ScenarioInput['runbooks']>[number]
type Step = Runbook['steps'][number] & Partial<Record<StepKindName, unknown>>

const MIRROR_COMMANDS = [
  ...(['mirror-pause', 'link-pause', 'mirror-failover', 'mirror-promote'] as const),
]

export const operations = fc.record({
  mirrors: sometimes(
    fc.record({
      command: fc.constantFrom(...MIRROR_COMMANDS),
      link: choice,
      atPercent: fc.nat(90),
    }),
  ),
  stopped: seldom(fc.record({ link: choice, atPercent: fc.nat(60), forMs: fc.nat(20_000) })),
  deleted: seldom(
    fc.record({ topic: choice, atPercent: fc.nat(80), againMs: sometimes(fc.nat(10_000)) }),
  ),
  /** Producers of a topic go to write to its copy, which is nobody's mirror any more then. */
  moved: seldom(fc.record({ link: choice, atPercent: fc.integer({ min: 30, max: 80 }) })),
})
export type Operations = typeof operations extends fc.Arbitrary<infer T> ? T : never

/** Clients by the topic that they are at. */
export type ClientsOf = (cluster: string, topic: string) => readonly string[]

export function operationsOf(
  { mirrors, deleted }: Operations,
  layout: Layout,
  { topics, sites }: Around,
  loadMs: number,
): FaultInput[] {
  const at = (percent: number) => Math.floor((loadMs * percent) / 100)
  const later = (percent: number, ms: number) => time(Math.min(at(percent) + ms, loadMs - 1))
  const entries: FaultInput[] = []
  if (mirrors !== undefined && layout.mirrors.length > 0) {
    const link = chosen(layout.mirrors, mirrors.link)
    const heals = mirrors.command === 'link-pause' ? { for: '5s' } : {}
    entries.push({ at: time(at(mirrors.atPercent)), [mirrors.command]: { link }, ...heals })
    if (mirrors.command === 'mirror-pause') {
      entries.push({ at: later(mirrors.atPercent, 5_000), 'mirror-resume': { link } })
    }
  }
  if (deleted !== undefined) {
    const { name, cluster, partitions } = chosen(topics, deleted.topic)
    const topic = `${cluster}:${name}`
    const brokers = sites.find((site) => site.name === cluster)?.brokers ?? 1
    const replicationFactor = Math.min(2, brokers)
    entries.push({ at: time(at(deleted.atPercent)), 'delete-topic': { topic } })
    if (deleted.againMs !== undefined) {
      entries.push({
        at: later(deleted.atPercent, 1_000 + deleted.againMs),
        'create-topic': { topic, partitions, replicationFactor },
      })
    }
  }
  return entries
}

/** Workers end as SIGTERM has them do; a link that takes over is failed over first if it can be. */
export function runbooksOf(
  { stopped, moved }: Operations,
  layout: Layout,
  clientsOf: ClientsOf,
  loadMs: number,
): Runbook[] {
  const at = (percent: number) => time(Math.floor((loadMs * percent) / 100))
  const books: Runbook[] = []
  const served = layout.links.filter(({ system }) => system !== 'cluster-link')
  if (stopped !== undefined && served.length > 0) {
    const { from, to } = chosen(served, stopped.link)
    const link = `${from}->${to}`
    const steps: Step[] = [
      { 'stop-link': { link } },
      { takes: time(stopped.forMs), manual: { what: 'somebody works on it' } },
      { 'start-link': { link } },
    ]
    books.push({ name: 'maintenance', detect: { at: at(stopped.atPercent) }, steps })
  }
  const way = moved === undefined ? undefined : movesOf(layout, moved.link, clientsOf)
  if (moved !== undefined && way !== undefined) {
    const { link, to, clients, copy, isMirror } = way
    const steps: Step[] = [
      ...(isMirror ? [{ 'mirror-failover': { link } }] : []),
      { 'move-clients': { clients, to, topics: [copy], how: 'kill' } },
    ]
    books.push({ name: 'failover', detect: { at: at(moved.atPercent) }, steps })
  }
  return books
}

/** Who goes where; undefined where nobody is at what a link copies. */
function movesOf(layout: Layout, number: number, clientsOf: ClientsOf) {
  if (layout.links.length === 0) return undefined
  const { from, to, system } = chosen(layout.links, number)
  const copies = layout.standing.get(to) ?? []
  const own = layout.standing.get(from) ?? []
  for (const { name } of own) {
    const copy = copies.find((one) => one.name === `${from}.${name}`)
    const clients = clientsOf(from, name)
    if (copy === undefined || clients.length === 0) continue
    const isMirror = system === 'cluster-link'
    return { link: `${from}->${to}`, to, clients, copy: copy.name, isMirror }
  }
  return undefined
}
