// Readers that go on at the other side: groups that come to a link's target with whatever they do
// there about their offsets, to read the copy of what they have read at home.

import fc from 'fast-check'
import type { ScenarioInput } from '../../scenario/document/document.ts'
import { choice, filled, seldom, simplestOf, sometimes, time } from '../plain.ts'
import type { Step } from './mirror-orders.ts'

type ConsumerInput = NonNullable<ScenarioInput['consumers']>[number]
type Runbook = NonNullable<ScenarioInput['runbooks']>[number]

const STRATEGIES = ['translated-offsets', 'timestamp'] as const
/** A reader that is told nothing of its offsets waits no longer than this for a translation. */
const TRANSLATE_TIMEOUT = '10s'

/** What a group's application does about coming to another cluster. */
export const coming = fc.record({
  strategy: simplestOf(1, fc.constant(undefined), fc.constantFrom(...STRATEGIES)),
  marginMs: fc.constantFrom(30_000, 5_000, 500),
  dedupMs: sometimes(fc.constantFrom(60_000, 2_000)),
  isShared: fc.boolean(),
})
export type Coming = typeof coming extends fc.Arbitrary<infer T> ? T : never

/** Readers of a topic go to a copy of it, and perhaps home again. */
export const readers = sometimes(
  fc.record({
    link: choice,
    atPercent: fc.integer({ min: 20, max: 80 }),
    isKilled: fc.boolean(),
    /** They are home again so much later. */
    homeAfterMs: seldom(fc.integer({ min: 1_000, max: 8_000 })),
  }),
)
export type Readers = typeof readers extends fc.Arbitrary<infer T> ? T : never

/** What stands in a consumer's entry. */
export function comingOf(of: Coming): Pick<ConsumerInput, 'failover' | 'dedup'> {
  const { strategy, marginMs, dedupMs, isShared } = of
  const failovers = {
    'translated-offsets': { strategy: 'translated-offsets', timeout: TRANSLATE_TIMEOUT },
    timestamp: { strategy: 'timestamp', margin: time(marginMs) },
  } as const
  const state = isShared ? ('shared' as const) : ('memory' as const)
  const written = {
    failover: strategy === undefined ? undefined : failovers[strategy],
    dedup: dedupMs === undefined ? undefined : { window: time(dedupMs), state },
  }
  return filled(written) ?? {}
}

/** Who goes where: clients of one topic, and what a link calls it at the other end. */
export interface ReaderWay {
  readonly from: string
  readonly to: string
  readonly topic: string
  readonly copy: string
  readonly movers: readonly string[]
}

/** At most one runbook, at a share of `loadMs`; none where no link has readers to move. */
export function readersBook(of: Readers, way: ReaderWay | undefined, loadMs: number): Runbook[] {
  if (of === undefined || way === undefined) return []
  const how = of.isKilled ? 'kill' : 'close'
  const move = (to: string, topic: string): Step => ({
    'move-clients': { clients: way.movers, to, topics: [topic], how, restart: ['1s', '2s'] },
  })
  const home: Step[] =
    of.homeAfterMs === undefined
      ? []
      : [
          { takes: time(of.homeAfterMs), manual: { what: 'they read there' } },
          move(way.from, way.topic),
        ]
  const at = time(Math.floor((loadMs * of.atPercent) / 100))
  return [{ name: 'readers', detect: { at }, steps: [move(way.to, way.copy), ...home] }]
}
