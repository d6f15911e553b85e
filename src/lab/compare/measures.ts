// What is compared, and how it is read from a run. A figure that a run did not decide is kept as
// open with what it has reached at least; one that a design cannot have says why.

import { measureOf } from '../../check/objectives.ts'
import type { ComparedMeasure, RunResult } from '../../contract.ts'
import { OBJECTIVE_NAMES, OBJECTIVES, type ObjectiveName } from '../../scenario/objectives.ts'
import { pick } from '../../sim/closed-table.ts'

const READ = [
  ...(['scenario', 'question', 'seed', 'replay', 'objectives', 'clock', 'topology'] as const),
  ...(['rpo', 'rto', 'planes', 'fates', 'latency', 'availability'] as const),
  ...(['consumerView', 'divergence', 'links', 'traffic', 'egress', 'residency'] as const),
] as const

/** What a comparison reads of a run. */
export type MeasuredRun = Pick<RunResult, (typeof READ)[number]>

/** A run without its charts and its story, so that thousands fit into memory. */
export function measuredRun(result: RunResult): MeasuredRun {
  return pick(result, READ)
}

export type Figure =
  | { readonly kind: 'known'; readonly value: number }
  /** Not over when the run ended, and by then this much. */
  | { readonly kind: 'open'; readonly atLeast: number }
  | { readonly kind: 'none'; readonly why: string }

export interface Measure {
  readonly id: string
  readonly label: string
  readonly unit: ComparedMeasure['unit']
  readonly better: 'lower' | 'higher'
  readonly read: (run: MeasuredRun) => Figure
}

const LABELS: Readonly<Record<ObjectiveName, string>> = {
  'rpo.records': 'records lost',
  'rpo.bytes': 'bytes lost',
  'rpo.seconds': 'loss window',
  'rpo.age': 'age of the newest survivor',
  'rto.produce': 'recovery time, produce',
  'rto.consume': 'recovery time, consume',
  'rto.control': 'recovery time, control',
  'rto.steady': 'recovery time, steady',
  'produce.p50': 'produce latency p50',
  'produce.p95': 'produce latency p95',
  'produce.p99': 'produce latency p99',
  'end-to-end.p50': 'end-to-end latency p50',
  'end-to-end.p95': 'end-to-end latency p95',
  'end-to-end.p99': 'end-to-end latency p99',
  'rpo.link.records': 'records not at the target',
  'rpo.link.bytes': 'bytes not at the target',
  'rpo.link.seconds': 'window not at the target',
  'rpo.link.age': 'age of the newest at the target',
  'rto.link': 'recovery time, other cluster',
  'replication.p50': 'replication latency p50',
  'replication.p95': 'replication latency p95',
  'replication.p99': 'replication latency p99',
  'replication.lag.records': 'records behind, at most',
  'replication.lag.seconds': 'time behind, at most',
  duplicates: 'duplicates in the log',
  reordered: 'records out of order',
  skipped: 'records skipped',
  redelivered: 'records delivered again',
  phantoms: 'failed, and in the log',
  residency: 'records where they may not be',
  'cost.egress': 'egress price a month',
  failed: 'failed or unknown sends',
  availability: 'writes available',
}

/** Shown in every comparison; the others where an objective names them. */
const ALWAYS: readonly ObjectiveName[] = [
  ...(['rpo.records', 'rpo.seconds', 'rpo.bytes', 'rto.produce', 'rto.consume'] as const),
  ...(['produce.p50', 'produce.p99', 'end-to-end.p50', 'end-to-end.p99'] as const),
  ...(['duplicates', 'redelivered', 'availability'] as const),
]

export const PRICE = 'price'

/** Shown too in a comparison in which some design has a link. */
const OF_LINKS: readonly ObjectiveName[] = [
  ...(['rpo.link.records', 'rpo.link.seconds', 'rto.link'] as const),
  ...(['replication.p99', 'replication.lag.seconds', 'skipped'] as const),
]

/** Every measure of a comparison of such runs whose objectives are these. */
export function measuresFor(
  objectives: readonly string[],
  runs: readonly MeasuredRun[] = [],
): Measure[] {
  const hasLinks = runs.some(({ links }) => links.length > 0)
  const always = [...ALWAYS, ...(hasLinks ? OF_LINKS : [])]
  const isPicked = (name: ObjectiveName) => always.includes(name) || objectives.includes(name)
  // The price stands in every comparison, under its own name.
  const picked = OBJECTIVE_NAMES.filter((name) => isPicked(name) && name !== 'cost.egress')
  return [...picked.map(judged), CROSS_REGION, MONTHLY]
}

const CROSS_REGION: Measure = {
  ...{ id: 'bytes', label: 'bytes between regions', unit: 'bytes', better: 'lower' },
  read: ({ traffic }) => ({ kind: 'known', value: traffic.crossRegionBytes }),
}

const MONTHLY: Measure = {
  ...{ id: PRICE, label: 'egress price a month', unit: 'usd', better: 'lower' },
  read: ({ egress: { usd } }) =>
    usd === null
      ? { kind: 'none', why: 'no list price for some of the traffic' }
      : { kind: 'known', value: usd },
}

/** The bytes from one region to another, for every pair that some run used. */
export function linksOf(runs: readonly MeasuredRun[]): Measure[] {
  const pairs = new Map<string, { readonly from: string; readonly to: string }>()
  for (const { traffic } of runs) {
    for (const { from, to } of traffic.links) pairs.set(`${from} → ${to}`, { from, to })
  }
  return [...pairs].sort(byName).map(([label, { from, to }]) => ({
    ...{ id: label, label, unit: 'bytes', better: 'lower' },
    read: (run) => bytesBetween(run, from, to),
  }))
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}

function bytesBetween({ traffic, topology }: MeasuredRun, from: string, to: string): Figure {
  const has = (name: string) => topology.regions.some((region) => region.name === name)
  if (!has(from) || !has(to)) return { kind: 'none', why: 'no such regions' }
  const link = traffic.links.find((other) => other.from === from && other.to === to)
  return { kind: 'known', value: link?.bytes ?? 0 }
}

/** A measure under the name that an objective on it has, as the judge reads it. */
function judged(id: ObjectiveName): Measure {
  const { unit, direction } = OBJECTIVES[id]
  return {
    ...{
      id,
      label: LABELS[id],
      unit: unit === 'micros' ? 'ms' : unit === 'fraction' ? 'ratio' : unit,
    },
    better: direction === 'at-most' ? 'lower' : 'higher',
    read: (run) => figureOf(id, run),
  }
}

function figureOf(id: ObjectiveName, run: MeasuredRun): Figure {
  const why = whyNone(id, run)
  if (why !== null) return { kind: 'none', why }
  const { value, reached } = measureOf(id, run, sinceFaultMs(run))
  if (value !== null) return { kind: 'known', value }
  return reached === undefined
    ? { kind: 'none', why: 'nothing to measure' }
    : { kind: 'open', atLeast: reached }
}

/** From the first fault to the load's end, milliseconds; what ends later is open. */
export function sinceFaultMs({ clock }: MeasuredRun): number {
  return clock.faultAtMs === null ? 0 : Math.max(0, clock.loadEndMs - clock.faultAtMs)
}

const OF_CONSUMERS = ['rto.consume', 'skipped', 'redelivered']

function isOfLinks(id: string): boolean {
  return id === 'rto.link' || id.startsWith('rpo.link.') || id.startsWith('replication.')
}

/** Why a run cannot have such a figure; null where it can. */
export function whyNone(id: string, { topology, clock, links }: MeasuredRun): string | null {
  const has = (kind: 'producer' | 'consumer') => topology.clients.some((c) => c.kind === kind)
  const isRead = OF_CONSUMERS.includes(id) || id.startsWith('end-to-end.')
  if (isRead && !has('consumer')) return 'no consumer'
  if (id !== 'rto.control' && !has('producer')) return 'no producer'
  if (isOfLinks(id) && links.length === 0) return 'no link between clusters'
  return id.startsWith('rto.') && clock.faultAtMs === null ? 'no fault' : null
}
