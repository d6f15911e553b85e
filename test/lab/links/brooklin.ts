// Two clusters and instances of Brooklin between them, for tests of what it does.

import type { RunOptions } from '../../../src/lab/run.ts'
import { type CopiedCase, copiedText, runText } from './mirror-maker1.ts'

export interface BrooklinCase extends CopiedCase {
  readonly workers?: number
  readonly config?: Readonly<Record<string, string | number | boolean>>
  readonly producer?: Readonly<Record<string, string | number | boolean>>
  readonly consumer?: Readonly<Record<string, string | number | boolean>>
}

/** A is written to and copied to B, 50 ms away. */
export function brooklinText(of: BrooklinCase): string {
  const config = { topics: 'orders', pollTimeoutMs: 1_000, ...of.config }
  return copiedText(
    of,
    `
  - system: brooklin
    from: A
    to: B
    workers: {eu: ${of.workers ?? 1}}
    config: ${JSON.stringify(config)}
    producer: ${JSON.stringify(of.producer ?? {})}
    consumer: ${JSON.stringify(of.consumer ?? {})}`,
  )
}

/** Runs it; broken invariants throw. */
export function runBrooklin(of: BrooklinCase, options: RunOptions = {}, seed = '1') {
  return runText(brooklinText(of), options, seed)
}

/** What its processes told. */
export function toldBy({ result }: ReturnType<typeof runBrooklin>, kind: string): string[] {
  const told = result.timeline.filter((one) => one.actor.startsWith('worker ') && one.kind === kind)
  return told.map(({ text }) => text)
}
