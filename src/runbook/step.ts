// What a step of a runbook is: its words in the file, and what is done when its turn comes.

import type { z } from 'zod'
import type { FaultSpec } from '../faults/catalogue.ts'
import type { Micros } from '../sim/time.ts'

/** How a client ends: in order, sending what it has buffered; or at once, losing that. */
export type Stopping = 'close' | 'kill'

/** Where a client goes on. */
export interface Seat {
  /** null: it starts with the addresses that it has. */
  readonly cluster: string | null
  /** null: those that it has. */
  readonly topics: readonly string[] | null
}

/** Where a group goes on, as kafka-consumer-groups --reset-offsets has it. */
export type OffsetGoal = 'earliest' | 'latest' | { readonly agoMs: number }

/** What a step can ask of clients, clusters and links. The lab plugs it in. */
export interface RunbookPort {
  /** Orders something of a cluster or a link, as the operator's own commands do. */
  command(command: FaultSpec): void
  /** Lets a name or a balancer lead to another cluster. */
  repoint(endpoint: string, cluster: string): void
  /** `onStopped` once the process has ended; at once where it does not run. */
  stopClient(client: string, how: Stopping, grace: Micros, onStopped: () => void): void
  /** What its next start finds. */
  seatClient(client: string, seat: Seat): void
  /** Starts one that is down. */
  startClient(client: string): void
  /** A producer was acknowledged, a consumer was handed something, since its last start. */
  isServed(client: string): boolean
  isRunning(client: string): boolean
  /** Every partition of the topic takes writes: it has a leader and is no mirror. */
  isWritable(cluster: string, topic: string): boolean
  /** The target of a link has got all that its source has, as logs stand. */
  isCopied(link: string): boolean
  /** Nobody is in the group. */
  isEmpty(cluster: string, group: string): boolean
  stopLink(link: string): void
  startLink(link: string): void
  /** `onDone` with Kafka's word for what came of it. */
  resetOffsets(
    cluster: string,
    group: string,
    topics: readonly string[],
    goal: OffsetGoal,
    onDone: (error: string) => void,
  ): void
  later(delay: Micros, callback: () => void): void
  /** Drawn from the seed. */
  draw(range: readonly [Micros, Micros]): Micros
}

/** `stopped`: the runbook goes no further. */
export type StepOutcome = 'done' | 'failed' | 'stopped'

/** Called once: what came of a step, and a word about it where there is one. */
export type StepDone = (outcome: StepOutcome, text?: string) => void

export interface StepKind<K extends string, S extends z.ZodObject> {
  readonly kind: K
  readonly doc: string
  readonly schema: S
  perform(port: RunbookPort, params: z.output<S>, done: StepDone): void
}

/** Ties a step's parameters to its schema. */
export function stepKind<K extends string, S extends z.ZodObject>(
  kind: StepKind<K, S>,
): StepKind<K, S> {
  return kind
}

/** Calls `act` for each of some things, the next one when it says so, and then `done`. */
export function oneByOne<T>(
  things: readonly T[],
  act: (thing: T, next: () => void) => void,
  done: () => void,
): void {
  const [first, ...rest] = things
  if (first === undefined) done()
  else act(first, () => oneByOne(rest, act, done))
}
