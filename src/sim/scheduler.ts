import { InvariantViolation, invariant } from './invariant.ts'
import { IntRing } from './ring.ts'
import { type Micros, NEVER } from './time.ts'
import {
  EPOCH,
  FIRST_NODE,
  NEXT,
  NODE_WIDTH,
  type Node,
  OWNER_WORD,
  PREV,
  TimingWheel,
} from './wheel.ts'

/**
 * What an event runs. `a` and `b` are 32-bit integers and part of the digest; `payload`, which
 * may be anything, is not.
 */
export type EventHandler = (a: number, b: number, payload: unknown) => void
/** Index into the scheduler's handler table. */
export type HandlerId = number & { readonly __unit?: 'handler' }
/** Names one scheduling of one event; stays harmless after the event fired. */
export type EventId = number & { readonly __unit?: 'event' }
/** Whose event it is: one incarnation of a process. Events of an ended life never fire. */
export type Life = number & { readonly __unit?: 'life' }

export const NO_EVENT: EventId = -1
/** The life of the world itself, which never pauses and never ends. */
export const WORLD_LIFE: Life = 0

const ENDED = 0
const RUNNING = 1
const PAUSED = 2
/** Resumed, but events held during the pause are still to fire before newer ones. */
const RESUMING = 3

/** Words of an event beside those of the wheel. */
const TAG = OWNER_WORD
const LIFE = OWNER_WORD + 1
const GENERATION = OWNER_WORD + 2
const ARG_A = OWNER_WORD + 3
const ARG_B = OWNER_WORD + 4

const NODES_MAX = 0x400_0000
const GENERATIONS = 0x400_0000
const CANCELLED = -1
const QUEUED = -1

/**
 * The event loop of a world. Events live in parallel typed arrays and fire in the order
 * (time, sequence of scheduling); those with no delay go through a ring in front of the wheel.
 */
export class Scheduler {
  /** Events fired so far. */
  fired = 0
  /** Events waiting, those of paused lives included. */
  pending = 0
  /** Sees each event before its handler runs: finds where two runs part. */
  onFired: ((time: Micros, handlerName: string, a: number, b: number) => void) | null = null

  readonly #wheel: TimingWheel
  #capacity = 1_024
  readonly #payloads: unknown[] = []
  #free: Node = 0
  readonly #ring = new IntRing()
  #stopped = false
  readonly #handlers: EventHandler[] = []
  readonly #names: string[] = []
  #lives = new Uint8Array(64)
  #livesOpened = 1
  readonly #held = new Map<Life, Node[]>()
  readonly #hash = new Int32Array([0x2545f491, 0x9e3779b9 | 0])
  readonly #endPause: HandlerId

  constructor() {
    this.#wheel = new TimingWheel(this.#capacity)
    this.#chainFree(FIRST_NODE, FIRST_NODE + this.#capacity * NODE_WIDTH)
    this.#lives[WORLD_LIFE] = RUNNING
    this.#endPause = this.register((life) => this.#pauseIsOver(life), 'sim/resumed')
  }

  get now(): Micros {
    return this.#wheel.base + this.#wheel.clock
  }

  /** Adds a handler to the table. Ids are given in order, so they are the same in each run. */
  register(handler: EventHandler, name = 'event'): HandlerId {
    this.#names.push(name)
    return this.#handlers.push(handler) - 1
  }

  /**
   * Fires `handler(a, b, payload)` after `delay` microseconds (0: after all that is due now).
   * @returns an id for `cancel`
   */
  schedule(delay: Micros, handler: HandlerId, a = 0, b = 0, payload?: unknown): EventId {
    return this.#idOf(this.#enqueue(WORLD_LIFE, delay, handler, a, b, payload))
  }

  /** `schedule` for one life: dropped when it has ended, held while it is paused. */
  scheduleIn(
    life: Life,
    delay: Micros,
    handler: HandlerId,
    a: number,
    b: number,
    payload: unknown,
  ): EventId {
    return this.#idOf(this.#enqueue(life, delay, handler, a, b, payload))
  }

  /** `schedule` without an id: what nobody will cancel. */
  post(delay: Micros, handler: HandlerId, a: number, b: number, payload: unknown): void {
    this.#enqueue(WORLD_LIFE, delay, handler, a, b, payload)
  }

  /** `scheduleIn` without an id. */
  postIn(
    life: Life,
    delay: Micros,
    handler: HandlerId,
    a: number,
    b: number,
    payload: unknown,
  ): void {
    this.#enqueue(life, delay, handler, a, b, payload)
  }

  /** O(1). False, and no effect, where the event has fired or was cancelled before. */
  cancel(id: EventId): boolean {
    if (id < 0) return false
    const node = FIRST_NODE + (id % NODES_MAX) * NODE_WIDTH
    const nodes = this.#wheel.nodes
    if (nodes[node + GENERATION] !== Math.floor(id / NODES_MAX)) return false
    if (nodes[node + PREV] === QUEUED) {
      if (nodes[node + TAG] === CANCELLED) return false
      nodes[node + TAG] = CANCELLED
      this.#bumpGeneration(node)
    } else {
      this.#wheel.cancel(node)
      this.#release(node)
    }
    this.pending--
    return true
  }

  /** Fires one event. False when none is left. */
  step(): boolean {
    while (this.#seek(NEVER)) if (this.#fire()) return true
    return false
  }

  /** Fires all events with time <= until; then now = until, unless stopped or out of budget. */
  run(until: Micros, eventsMax: number = NEVER): void {
    invariant(until >= this.now, 'a run cannot end before it starts', { until, now: this.now })
    this.#stopped = false
    const firedMax = this.fired + eventsMax
    while (!this.#stopped && this.fired < firedMax) {
      if (!this.#seek(until)) {
        this.#wheel.advance(until)
        return
      }
      this.#fire()
    }
  }

  /** Ends `run` after the event that is firing now. */
  stop(): void {
    this.#stopped = true
  }

  /** 16 hex digits over (time, handler, a, b) of every event fired so far, in order. */
  digest(): string {
    const h = (this.#hash[0] as number) ^ Math.imul(this.fired | 0, 0x85ebca6b)
    const words = [h ^ (h >>> 16), (this.#hash[1] as number) ^ (h >>> 7)]
    return words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }

  openLife(): Life {
    const life = this.#livesOpened++
    if (life >= this.#lives.length) {
      const larger = new Uint8Array(this.#lives.length * 2)
      larger.set(this.#lives)
      this.#lives = larger
    }
    this.#lives[life] = RUNNING
    return life
  }

  /** No event of this life fires from now on. */
  endLife(life: Life): void {
    this.#lives[life] = ENDED
    const held = this.#held.get(life)
    this.#held.delete(life)
    if (held) for (const node of held) this.#dropQueued(node)
  }

  /** Events of this life wait, in order. */
  pauseLife(life: Life): void {
    this.#lives[life] = PAUSED
    if (!this.#held.has(life)) this.#held.set(life, [])
  }

  /** What waited fires now, in order, before anything newer of this life. */
  resumeLife(life: Life): void {
    const held = this.#held.get(life) ?? []
    this.#held.delete(life)
    this.#lives[life] = RESUMING
    for (const node of held) this.#pushRing(node)
    this.post(0, this.#endPause, life, 0, undefined)
  }

  /** False while ended, paused, or still catching up after a pause. */
  isLifeRunning(life: Life): boolean {
    return this.#lives[life] === RUNNING
  }

  #enqueue(
    life: Life,
    delay: Micros,
    handler: HandlerId,
    a: number,
    b: number,
    payload: unknown,
  ): Node {
    if (this.#free === 0) this.#grow()
    const wheel = this.#wheel
    const node = this.#free
    const nodes = wheel.nodes
    this.#free = nodes[node + NEXT] as Node
    nodes[node + ARG_A] = a
    nodes[node + ARG_B] = b
    nodes[node + LIFE] = life
    if (nodes[node + ARG_A] !== a || nodes[node + ARG_B] !== b) refuseArguments(a, b)
    let tag = handler << 1
    if (payload !== undefined) {
      this.#payloads[payloadIndex(node)] = payload
      tag |= 1
    }
    nodes[node + TAG] = tag
    this.pending++
    const whole = delay | 0
    if (whole === delay && whole > 0 && whole < EPOCH) wheel.insert(node, whole)
    else this.#enqueueOdd(node, delay)
    return node
  }

  #enqueueOdd(node: Node, delay: Micros): void {
    invariant(delay >= 0 && delay === Math.floor(delay), 'a delay is a whole number >= 0', {
      delay,
    })
    if (delay === 0) this.#pushRing(node)
    else this.#wheel.insert(node, delay)
  }

  #pushRing(node: Node): void {
    this.#wheel.nodes[node + PREV] = QUEUED
    this.#ring.push(node)
  }

  /** Whether an event is ready at the (possibly advanced) clock. */
  #seek(until: Micros): boolean {
    if (this.#wheel.headNow() >= FIRST_NODE) return true
    if (!this.#ring.isEmpty) return true
    return this.#wheel.seek(until)
  }

  /** Takes the ready event; false where it was cancelled, held or belonged to an ended life. */
  #fire(): boolean {
    const wheel = this.#wheel
    const head = wheel.headNow()
    if (head >= FIRST_NODE) {
      wheel.takeHead(head)
      const state = this.#lives[wheel.nodes[head + LIFE] as Life]
      if (state !== RUNNING) {
        this.#setAside(head, state as number)
        return false
      }
      this.#dispatch(head)
      return true
    }
    return this.#fireFromRing()
  }

  #fireFromRing(): boolean {
    const node: Node = this.#ring.shift()
    if (this.#wheel.nodes[node + TAG] === CANCELLED) {
      this.#release(node)
      return false
    }
    const state = this.#lives[this.#wheel.nodes[node + LIFE] as Life]
    if (state !== RUNNING && state !== RESUMING) {
      this.#setAside(node, state as number)
      return false
    }
    this.#dispatch(node)
    return true
  }

  /**
   * The paths of an event whose process is not running. One that comes from the wheel in the
   * microsecond of a resume goes to the end of the ring, behind what was held before it.
   */
  #setAside(node: Node, state: number): void {
    if (state === RESUMING) {
      this.#pushRing(node)
    } else if (state === PAUSED) {
      this.#wheel.nodes[node + PREV] = QUEUED
      this.#held.get(this.#wheel.nodes[node + LIFE] as Life)?.push(node)
    } else {
      this.#release(node)
      this.pending--
    }
  }

  #pauseIsOver(life: Life): void {
    if (this.#lives[life] === RESUMING) this.#lives[life] = RUNNING
  }

  #dispatch(node: Node): void {
    const nodes = this.#wheel.nodes
    const a = nodes[node + ARG_A] as number
    const b = nodes[node + ARG_B] as number
    const tag = nodes[node + TAG] as number
    const handler = tag >> 1
    let payload: unknown
    if ((tag & 1) === 1) {
      payload = this.#payloads[payloadIndex(node)]
      this.#payloads[payloadIndex(node)] = undefined
    }
    this.#release(node)
    this.pending--
    this.fired++
    const hash = this.#hash
    const h = Math.imul((hash[0] as number) ^ this.#wheel.clock, 0x2c1b3c6d) + handler
    const g = Math.imul((hash[1] as number) ^ (a + h), 0x297a2d39) + b
    hash[0] = h ^ (g >>> 15)
    hash[1] = g
    if (this.onFired !== null) this.onFired(this.now, this.#names[handler] as string, a, b)
    ;(this.#handlers[handler] as EventHandler)(a, b, payload)
  }

  #dropQueued(node: Node): void {
    if (this.#wheel.nodes[node + TAG] !== CANCELLED) this.pending--
    this.#release(node)
  }

  #idOf(node: Node): EventId {
    const generation = this.#wheel.nodes[node + GENERATION] as number
    return generation * NODES_MAX + (node - FIRST_NODE) / NODE_WIDTH
  }

  #bumpGeneration(node: Node): void {
    const nodes = this.#wheel.nodes
    nodes[node + GENERATION] = ((nodes[node + GENERATION] as number) + 1) & (GENERATIONS - 1)
  }

  #release(node: Node): void {
    this.#bumpGeneration(node)
    const nodes = this.#wheel.nodes
    if ((nodes[node + TAG] as number) & 1) this.#payloads[payloadIndex(node)] = undefined
    nodes[node + NEXT] = this.#free
    this.#free = node
  }

  #grow(): void {
    const nodesEnd = FIRST_NODE + this.#capacity * NODE_WIDTH
    this.#capacity *= 2
    const larger = FIRST_NODE + this.#capacity * NODE_WIDTH
    invariant(this.#capacity <= NODES_MAX, 'the scheduler holds at most 2^26 events')
    this.#wheel.grow(this.#capacity)
    this.#chainFree(nodesEnd, larger)
  }

  #chainFree(from: Node, to: Node): void {
    for (let node = to - NODE_WIDTH; node >= from; node -= NODE_WIDTH) {
      this.#wheel.nodes[node + NEXT] = this.#free
      this.#free = node
    }
  }
}

function payloadIndex(node: Node): number {
  return (node - FIRST_NODE) >> 3
}

function refuseArguments(a: number, b: number): never {
  throw new InvariantViolation('event arguments are 32-bit integers; more goes into the payload', {
    a,
    b,
  })
}
