// A run as its events see it, in a form that can leave a worker thread or a web page: digests of
// its stretches, and the events of one stretch in words.

import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

/** Events a stretch. */
export const STRETCH = 1_000

export interface Observation {
  /** As the result prints it. */
  readonly digest: string
  /** Of the whole result as JSON. */
  readonly result: number
  /** Of all events up to the end of each stretch. */
  readonly stretches: readonly number[]
  /** The events of the stretch that was asked for. */
  readonly events: readonly string[]
}

/** What to run, and which stretch of it to tell in words. */
export interface ObservationRequest {
  readonly text: string
  readonly seed: string
  /** -1 for none. */
  readonly stretch: number
}

/** Runs a scenario's text and watches its events. */
export function observe({ text, seed, stretch }: ObservationRequest): Observation {
  const stretches: number[] = []
  const events: string[] = []
  const names = new Map<string, number>()
  let hash = 0
  let fired = 0
  const onFired = (time: number, handler: string, a: number, b: number) => {
    if (Math.floor(fired / STRETCH) === stretch) {
      events.push(`event ${fired} at ${time} us: ${handler}(${a}, ${b})`)
    }
    const name = names.get(handler) ?? hashOf(handler)
    names.set(handler, name)
    hash = mix(mix(mix(mix(hash, time % 0x7fff_ffff), name), a), b)
    if (++fired % STRETCH === 0) stretches.push(hash)
  }
  const result = run(scenarioOf(text, 'scenario.yaml'), seed, { onFired })
  stretches.push(hash)
  return { digest: result.digest, result: hashOf(JSON.stringify(result)), stretches, events }
}

function mix(hash: number, word: number): number {
  return Math.imul((hash ^ word) + 0x9e37_79b9, 0x85eb_ca6b) ^ (hash >>> 15)
}

function hashOf(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193)
  return hash
}
