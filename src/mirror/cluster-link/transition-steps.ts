// Models: how the coordinator of a link leads mirror topics through states that need the other
// cluster: one question a topic under way, asked again until the topic is in another state.
// Leaves out: transitions that fail for good.
// Source: none; what is done in a state: mirror-transitions.ts, cluster-mirror/log-alignment.ts.

import type { MirrorHost } from '../../kafka/broker/mirror-port.ts'
import type { MirrorTopic } from '../../kafka/metadata/mirror-records.ts'
import type { DescribeMirrorResponse, ReportMirrorRequest } from '../../kafka/mirror-messages.ts'
import { IGNORED } from '../../kafka/network/rpc.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import { type Micros, MS } from '../../sim/time.ts'
import type { SourceClient } from './source-client.ts'

/** How often the other cluster is asked again. */
const ASK_AGAIN: Micros = 500 * MS

/** What is under way for a topic, so that it is asked for once. */
export interface Step {
  readonly mirror: MirrorTopic
  isAsking: boolean
  /** Nothing is left to do in this state but to wait for the next. */
  isDone: boolean
  /** How often it was refused, and until when it waits for that. */
  refusals: number
  waitsUntil: Micros
}

/** What a link does in states that need its coordinator. */
export interface Transitions {
  /** The mirrors of the link, where this broker coordinates it. */
  look(mirrors: readonly MirrorTopic[]): void
}

/** Where the steps are taken. */
export interface StepPlace {
  readonly context: ProcessContext
  readonly host: MirrorHost
  readonly source: SourceClient
}

/** A step that is done is not taken again before the topic is in another state. */
export class TransitionSteps implements Transitions {
  readonly #context: ProcessContext
  readonly #host: MirrorHost
  readonly #source: SourceClient
  readonly #concerns: (mirror: MirrorTopic) => boolean
  readonly #take: (step: Step) => void
  readonly #timer: Timer
  #steps = new Map<string, Step>()

  /**
   * @param concerns whether a topic's state needs the coordinator
   * @param take what is to be done now; called again and again until the step is done
   */
  constructor(
    { context, host, source }: StepPlace,
    concerns: (mirror: MirrorTopic) => boolean,
    take: (step: Step) => void,
  ) {
    this.#context = context
    this.#host = host
    this.#source = source
    this.#concerns = concerns
    this.#take = take
    this.#timer = context.timer(() => this.#takeAll())
  }

  /** A topic in the same state keeps its step; topics that are not named are forgotten. */
  look(mirrors: readonly MirrorTopic[]): void {
    const steps = new Map<string, Step>()
    for (const mirror of mirrors) {
      if (!this.#concerns(mirror)) continue
      const known = this.#steps.get(mirror.topic)
      const isSame = known?.mirror.state === mirror.state
      steps.set(mirror.topic, isSame ? known : newStep(mirror))
    }
    this.#steps = steps
    this.#takeAll()
  }

  #takeAll(): void {
    const open = [...this.#steps.values()].filter(({ isDone }) => !isDone)
    const { now } = this.#context
    for (const step of open) if (!step.isAsking && now >= step.waitsUntil) this.#take(step)
    if (open.length > 0) this.#timer.arm(ASK_AGAIN)
    else this.#timer.cancel()
  }

  /** False once its topic has come to another state, or is not this broker's to lead any more. */
  isCurrent(step: Step): boolean {
    return this.#steps.get(step.mirror.topic) === step
  }

  /** The topic's partitions by their numbers. */
  inOrder({ topic }: MirrorTopic): readonly number[] {
    return this.#host.partitionsOf(topic)
  }

  /** Asks the other cluster for the topic that is mirrored. */
  ask(step: Step, onAnswer: (answer: DescribeMirrorResponse) => void): void {
    const request = { api: 'DescribeMirror' as const, topic: step.mirror.sourceTopic }
    const asked = this.#source.ask(request, {
      onReply: (_request, response) => {
        step.isAsking = false
        const isAnswer = response?.api === 'DescribeMirror' && response.error === 'NONE'
        if (isAnswer && this.isCurrent(step)) onAnswer(response)
      },
    })
    step.isAsking = asked !== null
  }

  /** Tells the controller how far a partition is in the topic's state, or the link as a whole. */
  report(
    { topic, state }: MirrorTopic,
    progress: Pick<ReportMirrorRequest, 'partition' | 'progress' | 'endOffset' | 'reason'>,
  ): void {
    this.#host.tellController({ api: 'ReportMirror', topic, state, ...progress }, IGNORED)
  }
}

function newStep(mirror: MirrorTopic): Step {
  return { mirror, isAsking: false, isDone: false, refusals: 0, waitsUntil: 0 }
}
