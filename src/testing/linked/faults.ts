// Faults that links feel: of their workers, of either end, and of the paths between.

import fc from 'fast-check'
import type { ScenarioInput } from '../../scenario/document/document.ts'
import { choice, chosen, simplestOf, time } from '../plain.ts'
import { type Around, edgesOf, type Links } from './links.ts'

type Entry = NonNullable<ScenarioInput['faults']>[number]

const FAULTS_MAX = 4

const KINDS = ['crash', 'pause', 'partition', 'isolate', 'restart', 'region-loss'] as const

const fault = fc.record({
  kind: fc.constantFrom(...KINDS),
  target: choice,
  other: choice,
  variant: choice,
  /** Of the load's time. */
  atPercent: fc.integer({ min: 0, max: 95 }),
  /** Most heal, so that what links make up for can be seen. */
  forMs: simplestOf(
    4,
    fc.integer({ min: 1, max: 150 }).map((n) => n * 100),
    fc.constant(undefined),
  ),
})

export const faults = fc.array(fault, { maxLength: FAULTS_MAX })
export type Faults = typeof faults extends fc.Arbitrary<infer T> ? T : never

/** Whoever can be hit: workers first, for they are what only links have. */
export function targetsOf(links: Links, around: Around): string[] {
  const workers = edgesOf(links, around).flatMap(({ from, to, system, of }) =>
    system === 'cluster-link'
      ? []
      : Array.from({ length: of.maker.workers }, (_, i) => `mm2-${from.name}-${to.name}-${i + 1}`),
  )
  const leaders = around.topics.map(({ cluster, name }) => `leader of ${cluster}:${name}-0`)
  const clusters = around.sites.flatMap(({ name }) => [
    `one of brokers of cluster ${name}`,
    `brokers of cluster ${name}`,
    `active controller of cluster ${name}`,
  ])
  return [...workers, ...leaders, ...clusters]
}

export function faultsOf(of: Faults, links: Links, around: Around, loadMs: number): Entry[] {
  const targets = targetsOf(links, around)
  const regions = [...new Set(around.sites.map(({ region }) => `region ${region}`))]
  return of.map((one): Entry => {
    const target = chosen(targets, one.target)
    const region = chosen(regions, one.target)
    const others = [...regions.filter((name) => name !== region), 'rest']
    const params = {
      crash: { target, model: chosen(['process', 'os'], one.variant) },
      pause: target,
      isolate: { target, direction: chosen(['both', 'in', 'out'], one.variant) },
      partition: {
        between: [region, chosen(others, one.other)],
        direction: chosen(['both', 'forward', 'backward'], one.variant),
      },
      restart: { target, how: chosen(['terminate', 'kill'], one.variant), downtime: '500ms' },
      'region-loss': { target: region, model: chosen(['stop', 'power', 'isolate'], one.variant) },
    }[one.kind]
    const heals = one.kind !== 'restart' && one.forMs !== undefined
    return {
      at: time(Math.floor((loadMs * one.atPercent) / 100)),
      [one.kind]: params,
      ...(heals ? { for: time(one.forMs ?? 0) } : {}),
    }
  })
}
