// Models: transitions of mirror topics that need the other cluster or the link as a whole.
// Leaves out: transitions that fail for good; each is tried until its state is another one.
// Source: Confluent's docs and CLI (promote, reverse-and-start, truncate-and-restore); the steps
// inside each are our reading; that a restoration takes 30 to 60 s was seen in a product demo.

import type { MirrorHost } from '../../kafka/broker/mirror-port.ts'
import type { MirrorState, MirrorTopic } from '../../kafka/metadata/mirror-records.ts'
import type { MirrorOperation } from '../../kafka/mirror-messages.ts'
import { IGNORED } from '../../kafka/network/rpc.ts'
import type { ProcessContext } from '../../sim/process.ts'
import type { Random } from '../../sim/random.ts'
import type { GroupOffsets } from './group-offsets.ts'
import type { LinkConfig } from './link-config.ts'
import type { SourceClient } from './source-client.ts'
import { type Step, type StepPlace, TransitionSteps, type Transitions } from './transition-steps.ts'

/**
 * Each step is reported to this cluster's controller, which alone moves a topic to its next state.
 * So a coordinator may be lost at any point: the next one finds the topic in the state that was
 * reached, and does what that state wants. Every step can be taken twice.
 */
export class MirrorTransitions implements Transitions {
  readonly #host: MirrorHost
  readonly #config: LinkConfig
  readonly #source: SourceClient
  readonly #groups: GroupOffsets
  readonly #steps: TransitionSteps
  readonly #context: ProcessContext
  readonly #random: Random

  constructor(place: StepPlace, config: LinkConfig, groups: GroupOffsets) {
    this.#context = place.context
    this.#random = place.context.random(`link/${config.name}/restore`)
    this.#host = place.host
    this.#config = config
    this.#source = place.source
    this.#groups = groups
    this.#steps = new TransitionSteps(place, needsCoordinator, (step) => this.#step(step))
  }

  /** Takes every step that can be taken now; none without mirrors. */
  look(mirrors: readonly MirrorTopic[]): void {
    this.#steps.look(mirrors)
  }

  #step(step: Step): void {
    const { mirror } = step
    switch (mirror.state) {
      case 'PENDING_SYNCHRONIZE':
        if (mirror.reversal === null) this.#synchronize(step)
        else this.#demoteSource(step)
        return
      case 'PENDING_SETUP_FOR_RESTORE':
        this.#setUpRestore(step)
        return
      case 'PENDING_STOPPED':
        this.#clamp(step)
        return
      case 'STOPPED':
        if (mirror.reversal !== null) this.#startSource(step)
    }
  }

  /** The groups' offsets come down to the mirror's end, which all of its leaders have told. */
  #clamp(step: Step): void {
    const { mirror } = step
    const { topic } = mirror
    const report = () => {
      step.isAsking = false
      if (!this.#steps.isCurrent(step)) return
      step.isDone = true
      this.#steps.report(mirror, AS_A_WHOLE)
    }
    // A predecessor has reported it already; what is missing is some partition's leader.
    if (this.#host.progressOf(topic, -1).done !== null) return
    const isTold = (index: number) => this.#host.progressOf(topic, index).done !== null
    if (!this.#groups.clamps) report()
    // Not before all leaders have told their ends: of a partition without one nothing comes down.
    else if (this.#steps.inOrder(mirror).every(isTold)) {
      step.isAsking = true
      this.#groups.clamp(mirror, report)
    }
  }

  /** Promotion: group offsets once more. */
  #synchronize(step: Step): void {
    const { mirror } = step
    // Positions are copied while records are still fetched: what groups commit afterwards at the
    // source does not cross.
    if (this.#host.progressOf(mirror.topic, -1).done !== null) return
    step.isAsking = true
    const copy = (done: () => void) => {
      if (this.#groups.isOn) this.#groups.sync([mirror], done)
      else done()
    }
    copy(() => {
      step.isAsking = false
      if (!this.#steps.isCurrent(step)) return
      step.isDone = true
      this.#steps.report(mirror, AS_A_WHOLE)
    })
  }

  /**
   * Reversal: the source becomes read-only, and once its last write is committed it tells where its
   * log ends. That is the goal of the mirror, which then has all there will ever be. Until the
   * mirror has stopped neither cluster takes writes.
   */
  #demoteSource(step: Step): void {
    const { mirror } = step
    this.#steps.ask(step, (answer) => {
      if (answer.state !== 'PENDING_MIRROR') {
        this.#alterSource(mirror, 'demote')
        return
      }
      if (answer.ends.some((end) => end === null)) return
      step.isDone = true
      for (const [number, index] of this.#steps.inOrder(mirror).entries()) {
        const endOffset = answer.ends[number] ?? 0
        this.#steps.report(mirror, { partition: index, progress: 'goal', endOffset })
      }
      this.#steps.report(mirror, AS_A_WHOLE)
    })
  }

  /** Reversal: this cluster takes writes; the other one mirrors it. */
  #startSource(step: Step): void {
    const { mirror } = step
    const operation = mirror.reversal === 'PAUSED' ? 'start-paused' : 'start'
    this.#steps.ask(step, (answer) => {
      if (answer.state === 'PENDING_MIRROR') this.#alterSource(mirror, operation)
      else step.isDone = true
    })
  }

  /**
   * Restoration: the log is cut to where the remote mirror had stopped. Up to there both logs are
   * the same, and what lies behind here was acknowledged by a cluster that was failed over: it goes
   * for good, and the number of these records is the recovery point of that failover.
   *
   * Confluent's links take their time over it, half a minute to a minute before a topic is an
   * active mirror again. What they do meanwhile is not told: the wait stands before the cut, and a
   * coordinator that takes over waits anew.
   */
  #setUpRestore(step: Step): void {
    const { mirror } = step
    if (step.waitsUntil === 0) {
      const [least, most] = this.#config.restoreTakes
      step.waitsUntil = this.#context.now + this.#random.int(least, most)
    }
    if (this.#context.now < step.waitsUntil) return
    this.#steps.ask(step, (answer) => {
      if (answer.state !== 'STOPPED' || answer.ends.some((end) => end === null)) return
      step.isDone = true
      for (const [number, index] of this.#steps.inOrder(mirror).entries()) {
        const endOffset = answer.ends[number] ?? 0
        this.#steps.report(mirror, { partition: index, progress: 'done', endOffset })
      }
    })
  }

  #alterSource({ topic, sourceTopic }: MirrorTopic, operation: MirrorOperation): void {
    const link = this.#config.name
    this.#source.ask(
      { api: 'AlterMirror', topic: sourceTopic, operation, link, sourceTopic: topic },
      IGNORED,
    )
  }
}

/** What the link reports of itself, and not of a partition. */
const AS_A_WHOLE = { partition: -1, progress: 'done', endOffset: 0 } as const

const PENDING: readonly MirrorState[] = [
  ...(['PENDING_SYNCHRONIZE', 'PENDING_STOPPED', 'PENDING_SETUP_FOR_RESTORE'] as const),
]

function needsCoordinator({ state, reversal }: MirrorTopic): boolean {
  if (state === 'STOPPED') return reversal !== null
  return PENDING.includes(state)
}
