// Models: transitions of mirror topics that need the other cluster or the link as a whole.
// Leaves out: transitions that fail for good; each is tried until its state is another one.
// Source: Confluent's docs and CLI (promote, reverse-and-start, truncate-and-restore); the steps
// inside each are our reading.

import type { MirrorHost } from '../../kafka/broker/mirror-port.ts'
import type { MirrorState, MirrorTopic } from '../../kafka/metadata/mirror-records.ts'
import type { DescribeMirrorResponse, MirrorOperation } from '../../kafka/mirror-messages.ts'
import { IGNORED } from '../../kafka/network/rpc.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import { type Micros, MS } from '../../sim/time.ts'
import type { GroupOffsets } from './group-offsets.ts'
import type { LinkConfig } from './link-config.ts'
import type { SourceClient } from './source-client.ts'

/** How often the other cluster is asked again. */
const ASK_AGAIN: Micros = 500 * MS

/** What is under way for a topic, so that it is asked for once. */
interface Step {
  readonly mirror: MirrorTopic
  isAsking: boolean
  /** Nothing is left to do in this state but to wait for the next. */
  isDone: boolean
}

export class MirrorTransitions {
  readonly #host: MirrorHost
  readonly #config: LinkConfig
  readonly #source: SourceClient
  readonly #groups: GroupOffsets
  readonly #timer: Timer
  #steps = new Map<string, Step>()

  constructor(
    context: ProcessContext,
    host: MirrorHost,
    config: LinkConfig,
    source: SourceClient,
    groups: GroupOffsets,
  ) {
    this.#host = host
    this.#config = config
    this.#source = source
    this.#groups = groups
    this.#timer = context.timer(() => this.#stepAll())
  }

  /** The mirrors of the link, where this broker coordinates it. */
  look(mirrors: readonly MirrorTopic[]): void {
    const steps = new Map<string, Step>()
    for (const mirror of mirrors) {
      if (!needsCoordinator(mirror)) continue
      const known = this.#steps.get(mirror.topic)
      const isSame = known?.mirror.state === mirror.state
      steps.set(mirror.topic, isSame ? known : { mirror, isAsking: false, isDone: false })
    }
    this.#steps = steps
    this.#stepAll()
  }

  #stepAll(): void {
    const open = [...this.#steps.values()].filter(({ isDone }) => !isDone)
    for (const step of open) if (!step.isAsking) this.#step(step)
    if (open.length > 0) this.#timer.arm(ASK_AGAIN)
    else this.#timer.cancel()
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

  #isCurrent(step: Step): boolean {
    return this.#steps.get(step.mirror.topic) === step
  }

  /** The groups' offsets come down to the mirror's end, which all of its leaders have told. */
  #clamp(step: Step): void {
    const { mirror } = step
    const { topic } = mirror
    const report = () => {
      step.isAsking = false
      if (!this.#isCurrent(step)) return
      step.isDone = true
      this.#report(mirror, -1, 'done', 0)
    }
    if (this.#host.progressOf(topic, -1).done !== null) return
    const isTold = (index: number) => this.#host.progressOf(topic, index).done !== null
    if (!this.#groups.clamps) report()
    else if (this.#inOrder(mirror).every(isTold)) {
      step.isAsking = true
      this.#groups.clamp(mirror, report)
    }
  }

  /** Promotion: group offsets once more. */
  #synchronize(step: Step): void {
    const { mirror } = step
    if (this.#host.progressOf(mirror.topic, -1).done !== null) return
    step.isAsking = true
    const copy = (done: () => void) => {
      if (this.#groups.isOn) this.#groups.sync([mirror], done)
      else done()
    }
    copy(() => {
      step.isAsking = false
      if (!this.#isCurrent(step)) return
      step.isDone = true
      this.#report(mirror, -1, 'done', 0)
    })
  }

  /**
   * Reversal: the source becomes read-only, and once its last write is committed it tells where its
   * log ends. That is the goal of the mirror, which then has all there will ever be.
   */
  #demoteSource(step: Step): void {
    const { mirror } = step
    this.#ask(step, (answer) => {
      if (answer.state !== 'PENDING_MIRROR') {
        this.#alterSource(mirror, 'demote')
        return
      }
      if (answer.ends.some((end) => end === null)) return
      step.isDone = true
      for (const [number, index] of this.#inOrder(mirror).entries()) {
        this.#report(mirror, index, 'goal', answer.ends[number] ?? 0)
      }
      this.#report(mirror, -1, 'done', 0)
    })
  }

  /** Reversal: this cluster takes writes; the other one mirrors it. */
  #startSource(step: Step): void {
    const { mirror } = step
    const operation = mirror.reversal === 'PAUSED' ? 'start-paused' : 'start'
    this.#ask(step, (answer) => {
      if (answer.state === 'PENDING_MIRROR') this.#alterSource(mirror, operation)
      else step.isDone = true
    })
  }

  /** Restoration: the log is cut to where the remote mirror had stopped. */
  #setUpRestore(step: Step): void {
    const { mirror } = step
    this.#ask(step, (answer) => {
      if (answer.state !== 'STOPPED' || answer.ends.some((end) => end === null)) return
      step.isDone = true
      for (const [number, index] of this.#inOrder(mirror).entries()) {
        this.#report(mirror, index, 'done', answer.ends[number] ?? 0)
      }
    })
  }

  #inOrder({ topic }: MirrorTopic): readonly number[] {
    return this.#host.partitionsOf(topic)
  }

  #ask(step: Step, onAnswer: (answer: DescribeMirrorResponse) => void): void {
    const request = { api: 'DescribeMirror' as const, topic: step.mirror.sourceTopic }
    const asked = this.#source.ask(request, {
      onReply: (_request, response) => {
        step.isAsking = false
        const isAnswer = response?.api === 'DescribeMirror' && response.error === 'NONE'
        if (isAnswer && this.#isCurrent(step)) onAnswer(response)
      },
    })
    step.isAsking = asked !== null
  }

  #alterSource({ topic, sourceTopic }: MirrorTopic, operation: MirrorOperation): void {
    const link = this.#config.name
    this.#source.ask(
      { api: 'AlterMirror', topic: sourceTopic, operation, link, sourceTopic: topic },
      IGNORED,
    )
  }

  #report(
    { topic, state }: MirrorTopic,
    partition: number,
    progress: 'goal' | 'done',
    endOffset: number,
  ): void {
    const request = {
      ...{ api: 'ReportMirror' as const, topic, state },
      ...{ partition, progress, endOffset },
    }
    this.#host.tellController(request, IGNORED)
  }
}

const PENDING: readonly MirrorState[] = [
  ...(['PENDING_SYNCHRONIZE', 'PENDING_STOPPED', 'PENDING_SETUP_FOR_RESTORE'] as const),
]

function needsCoordinator({ state, reversal }: MirrorTopic): boolean {
  if (state === 'STOPPED') return reversal !== null
  return PENDING.includes(state)
}
