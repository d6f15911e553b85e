// Models: what happens before a topic is mirrored: its log is cut to what the source has of it.
// Leaves out: the epoch of the last mirrored record beside its offset: where the source has lost
// that record since, the fetch that follows finds out. The leader of each partition asks in Kafka;
// here the broker that coordinates the mirror asks for all of them. Topics that are started and do
// not exist yet, but for those of mirror.topics.include; partitions that a source topic gets later.
// What a stop writes behind the last mirrored record: markers that abort open transactions, which
// no client here has, and the record that forgets producer ids: those of another cluster are told
// apart here as the first drafts had it. Tiered storage; share groups; ACLs of mirrors themselves.
// Source: KIP-1279 and its implementation of 2026 (MirrorMetadataManager.handleLogAlignment,
// hasMirrorLoop, validateSourcePartitionIsStopped, sendLastMirrorEpochLookup).

import type { Offset } from '../../kafka/ids.ts'
import type { MirrorTopic } from '../../kafka/metadata/mirror-records.ts'
import type { DescribeMirrorResponse } from '../../kafka/mirror-messages.ts'
import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext } from '../../sim/process.ts'
import type { Random } from '../../sim/random.ts'
import { retryAfter, retryLimit } from '../cluster-link/fetch-retries.ts'
import type { LinkConfig } from '../cluster-link/link-config.ts'
import {
  type Step,
  type StepPlace,
  TransitionSteps,
  type Transitions,
} from '../cluster-link/transition-steps.ts'

/** Where each partition's log is to end, by its number; or why the topic cannot be mirrored now. */
type Alignment = { readonly ends: readonly Offset[] } | { readonly refused: string }

/**
 * Gives each partition the goal that its leader cuts the log to; a refusal is asked again with a
 * growing wait, until the retries are spent.
 */
export class LogAlignment implements Transitions {
  readonly #context: ProcessContext
  readonly #config: LinkConfig
  readonly #random: Random
  readonly #steps: TransitionSteps

  constructor(place: StepPlace, config: LinkConfig) {
    this.#context = place.context
    this.#config = config
    this.#random = place.context.random(`log-alignment/${config.name}`)
    const isAligned = ({ state }: MirrorTopic) => state === 'LOG_ALIGNMENT'
    this.#steps = new TransitionSteps(place, isAligned, (step) => this.#align(step))
  }

  /** Takes up what is in LOG_ALIGNMENT and has no step yet. */
  look(mirrors: readonly MirrorTopic[]): void {
    this.#steps.look(mirrors)
  }

  #align(step: Step): void {
    const { mirror } = step
    const partitions = this.#steps.inOrder(mirror)
    this.#steps.ask(step, (answer) => {
      const alignment = alignmentWith(answer, this.#config.waysBack, partitions.length)
      if ('refused' in alignment) {
        this.#onRefused(step, alignment.refused)
        return
      }
      step.isDone = true
      for (const [number, partition] of partitions.entries()) {
        const endOffset = alignment.ends[number] ?? 0
        this.#steps.report(mirror, { partition, progress: 'goal', endOffset })
      }
    })
  }

  /** Tried again like any failure, and like any failure not for ever. */
  #onRefused(step: Step, reason: string): void {
    const { now } = this.#context
    const { retries } = this.#config
    step.refusals += 1
    const failing = { count: step.refusals, since: now }
    const wait = retryAfter(retries, failing, now, this.#random)
    if (wait !== null) {
      step.waitsUntil = now + wait
      return
    }
    step.isDone = true
    for (const partition of this.#steps.inOrder(step.mirror)) {
      const failed = { partition, progress: 'failed' as const, endOffset: 0 }
      this.#steps.report(step.mirror, { ...failed, reason: `${reason} ${retryLimit(retries)}` })
    }
  }
}

/**
 * What the source says of the topic.
 *
 * 1. It mirrors it from here: that would go round in a circle, until somebody stops it there.
 * 2. It has mirrored it from here and was stopped: up to there both logs are one. What this cluster
 *    has taken since then nobody else has, and it goes.
 * 3. It never has, or from elsewhere: nothing here is known to be its, and all is mirrored anew.
 *
 * @param waysBack links by which the source mirrors this cluster
 */
export function alignmentWith(
  { state, link, ends }: DescribeMirrorResponse,
  waysBack: readonly string[],
  partitions: number,
): Alignment {
  if (link === null || !waysBack.includes(link)) {
    return { ends: Array.from({ length: partitions }, () => 0) }
  }
  if (state !== 'STOPPED') return { refused: `the source mirrors the topic by ${link}` }
  const known = ends.map((end) => {
    invariant(end !== null, 'a mirror that was stopped knows where', { link })
    return end
  })
  return { ends: known }
}
