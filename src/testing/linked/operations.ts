// What people do to links and topics while they run: mirrors are paused, failed over and promoted,
// workers stopped in order and started again, topics deleted and created anew; and a runbook that
// moves applications to the other side.

import fc from 'fast-check'
import type { ScenarioInput } from '../../scenario/document/document.ts'
import type { FaultInput } from '../../scenario/topologies/topology.ts'
import { choice, chosen, seldom, sometimes, time } from '../plain.ts'
import type { LinkInput } from './edge.ts'
import type { Around, Layout } from './links.ts'
import {
  type ClientsOf,
  commands,
  commandsOf,
  failback,
  failbacksOf,
  type Step,
} from './mirror-orders.ts'
import { readers, readersBook } from './readers.ts'

type Runbook = NonNullable<ScenarioInput['runbooks']>[number]

export const operations = fc.record({
  commands,
  failback,
  stopped: seldom(fc.record({ link: choice, atPercent: fc.nat(60), forMs: fc.nat(20_000) })),
  deleted: seldom(
    fc.record({ topic: choice, atPercent: fc.nat(80), againMs: sometimes(fc.nat(10_000)) }),
  ),
  /** Producers of a topic go to write to its copy, which is nobody's mirror any more then. */
  moved: seldom(fc.record({ link: choice, atPercent: fc.integer({ min: 30, max: 80 }) })),
  readers,
})
export type Operations = typeof operations extends fc.Arbitrary<infer T> ? T : never

/** Clients by the topics that they are at. */
export interface Clients {
  readonly producers: ClientsOf
  readonly consumers: ClientsOf
  readonly all: ClientsOf
}

/**
 * Entries of the timetable, at shares of `loadMs`. A topic that is made anew comes back a second
 * after its deletion or later, but before the load ends.
 */
export function operationsOf(
  { commands: ordered, deleted }: Operations,
  layout: Layout,
  { topics, sites }: Around,
  loadMs: number,
): FaultInput[] {
  const at = (percent: number) => Math.floor((loadMs * percent) / 100)
  const later = (percent: number, ms: number) => time(Math.min(at(percent) + ms, loadMs - 1))
  const entries = commandsOf(ordered, layout.mirrors, loadMs)
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
  { stopped, moved, readers: going, failback: home }: Operations,
  layout: Layout,
  clients: Clients,
  loadMs: number,
): Runbook[] {
  const at = (percent: number) => time(Math.floor((loadMs * percent) / 100))
  const books = failbacksOf(home, layout.mirrors, clients.all, loadMs)
  const inBrokers = layout.mirrors.flatMap(({ link, back }) => [link, back ?? link])
  const served = layout.links.filter((link) => !inBrokers.includes(nameOf(link)))
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
  const way = moved === undefined ? undefined : movesOf(layout, moved.link, clients.producers)
  if (books.length === 0 && moved !== undefined && way !== undefined) {
    const { to, movers, copy, takeOver } = way
    const steps: Step[] = [
      ...takeOver,
      { 'move-clients': { clients: movers, to, topics: [copy], how: 'kill' } },
    ]
    books.push({ name: 'failover', detect: { at: at(moved.atPercent) }, steps })
  }
  if (going !== undefined && !books.some(({ name }) => name === 'failback')) {
    books.push(...readersBook(going, movesOf(layout, going.link, clients.consumers), loadMs))
  }
  return books
}

/** Who goes where; undefined where nobody is at what a link copies. */
function movesOf(layout: Layout, number: number, clientsOf: ClientsOf) {
  if (layout.links.length === 0) return undefined
  const { from, to, name } = chosen(layout.links, number)
  const copies = layout.standing.get(to) ?? []
  const own = layout.standing.get(from) ?? []
  const link = nameOf({ name, from, to })
  const set = layout.mirrors.find((one) => one.link === link)
  const takes = set?.system === 'cluster-mirror' ? 'mirror-stop' : 'mirror-failover'
  const takeOver: Step[] = set === undefined ? [] : [{ [takes]: { link } }]
  for (const { name: topic } of own) {
    const isKept = set?.back !== null && set?.topics.includes(topic) === true
    const wanted = set?.system === 'cluster-mirror' || isKept ? topic : `${from}.${topic}`
    const copy = copies.find((one) => one.name === wanted)
    const movers = clientsOf(from, [topic])
    if (copy === undefined || movers.length === 0) continue
    return { from, to, topic, movers, copy: copy.name, takeOver }
  }
  return undefined
}

interface Ends extends Omit<LinkInput, 'system'> {}

function nameOf({ name, from, to }: Ends): string {
  return name ?? `${from}->${to}`
}
