import { copyEvent, EVENT_WIDTH, type Spot } from './event-words.ts'
import { InvariantViolation, invariant } from './invariant.ts'
import { EventRing } from './ring.ts'
import { CANCELLED, TICKETS_MAX, type Ticket, Tickets } from './tickets.ts'
import { type Micros, NEVER } from './time.ts'
import { EPOCH, TimingWheel } from './wheel.ts'
import { WorldDigest } from './world-digest.ts'

/**
 * What an event runs. `a` and `b` are 32-bit integers and, with an event of the world, part of the
 * digest; `payload`, which may be anything, is not.
 */
export type EventHandler<P> = (a: number, b: number, payload: P) => void
/**
 * Index into the scheduler's handler table, with the payload that the handler takes: an event is
 * scheduled with no other.
 */
export type HandlerId<P = undefined> = number & {
  readonly __unit?: 'handler'
  readonly __takes?: (payload: P) => void
}
/** Names one scheduling of one event; stays harmless after the event fired. */
export type EventId = number & { readonly __unit?: 'event' }
/** Whose event it is: one incarnation of a process. Events of an ended life never fire. */
export type Life = number & { readonly __unit?: 'life' }

export const NO_EVENT: EventId = -1
/** The life of the world itself, which never pauses and never ends. */
export const WORLD_LIFE: Life = 0

// The words of an event behind the wheel's own. The first is a handler, of an event of the world
// with no payload that nobody may cancel, or the complement of a ticket.
const WHAT = 1
const ARG_A = 2
const ARG_B = 3

// Own names of what every event uses; see wheel.ts.
const NEAR = EPOCH
const OF_WORLD: Life = WORLD_LIFE
const GONE = CANCELLED

const ENDED = 0
const RUNNING = 1
const PAUSED = 2
/** Resumed, but events held during the pause are still to fire before newer ones. */
const RESUMING = 3

/** Cancelled events that may wait for their time before they are swept for the first time. */
const STALE_MIN = 4_096

/**
 * The event loop of a world. Events live as words in typed arrays and fire in the order
 * (time, sequence of scheduling); those with no delay go through a ring in front of the wheel.
 * One that carries a payload, belongs to a process or may be cancelled has a ticket, where what
 * its words have no room for stands; to cancel is to mark the ticket, and the words are passed over
 * when their time comes.
 */
export class Scheduler {
  /** Events fired so far. */
  fired = 0
  /** Events waiting, those of paused lives included. */
  pending = 0
  /** Sees each event before its handler runs: finds where two runs part. */
  onFired: ((time: Micros, handlerName: string, a: number, b: number) => void) | null = null

  readonly #wheel = new TimingWheel()
  readonly #ring = new EventRing()
  readonly #tickets = new Tickets()
  /** Cancelled events whose words are still about, and how many may be before a sweep. */
  #stale = 0
  #staleMax = STALE_MIN
  /** `run` ends when so many events have fired. */
  #firedMax = 0
  readonly #handlers: EventHandler<unknown>[] = []
  readonly #names: string[] = []
  #lives = new Uint8Array(64)
  #livesOpened = 1
  readonly #held = new Map<Life, Int32Array[]>()
  readonly #digest = new WorldDigest()
  readonly #endPause: HandlerId

  constructor() {
    this.#lives[WORLD_LIFE] = RUNNING
    this.#endPause = this.register((life) => this.#pauseIsOver(life), 'sim/resumed')
  }

  get now(): Micros {
    return this.#wheel.base + this.#wheel.clock
  }

  /** Adds a handler to the table. Ids are given in order, so they are the same in each run. */
  register<P = undefined>(handler: EventHandler<P>, name = 'event'): HandlerId<P> {
    const id = this.#names.push(name) - 1
    this.#digest.name(id, name)
    // The table forgets the payload's type; the id keeps it, and whoever schedules needs the id.
    this.#handlers.push(handler as EventHandler<unknown>)
    return id
  }

  /**
   * Fires `handler(a, b, payload)` after `delay` microseconds (0: after all that is due now).
   * @returns an id for `cancel`
   */
  schedule(delay: Micros, handler: HandlerId, a?: number, b?: number): EventId
  schedule<P>(delay: Micros, handler: HandlerId<P>, a: number, b: number, payload: P): EventId
  schedule(delay: Micros, handler: HandlerId<unknown>, a = 0, b = 0, payload?: unknown): EventId {
    return this.#idOf(this.#enqueueTicket(OF_WORLD, delay, handler, a, b, payload))
  }

  /** `schedule` for one life: dropped when it has ended, held while it is paused. */
  scheduleIn<P>(
    life: Life,
    delay: Micros,
    handler: HandlerId<P>,
    a: number,
    b: number,
    payload: P,
  ): EventId {
    return this.#idOf(this.#enqueueTicket(life, delay, handler, a, b, payload))
  }

  /** `schedule` without an id: what nobody will cancel. */
  post<P>(delay: Micros, handler: HandlerId<P>, a: number, b: number, payload: P): void {
    if (payload === undefined) this.#enqueue(delay, handler | 0, a, b)
    else this.#enqueueTicket(OF_WORLD, delay, handler, a, b, payload)
  }

  /** `scheduleIn` without an id. */
  postIn<P>(
    life: Life,
    delay: Micros,
    handler: HandlerId<P>,
    a: number,
    b: number,
    payload: P,
  ): void {
    this.#enqueueTicket(life, delay, handler, a, b, payload)
  }

  /** O(1). False, and no effect, where the event has fired or was cancelled before. */
  cancel(id: EventId): boolean {
    if (id < 0) return false
    // An id may be longer than the 32 bits that this keeps, but a ticket is not.
    const ticket: Ticket = id & (TICKETS_MAX - 1)
    if (this.#tickets.stamps[ticket] !== (id - ticket) / TICKETS_MAX) return false
    this.#tickets.cancel(ticket)
    this.pending--
    this.#stale++
    if (this.#stale > this.#staleMax) this.#sweep()
    return true
  }

  /** Fires one event. False when none is left. */
  step(): boolean {
    while (this.pending > 0 && this.#seek(NEVER)) if (this.#fire()) return true
    return false
  }

  /** Fires all events with time <= until; then now = until, unless stopped or out of budget. */
  run(until: Micros, eventsMax: number = NEVER): void {
    invariant(until >= this.now, 'a run cannot end before it starts', { until, now: this.now })
    this.#firedMax = this.fired + eventsMax
    const [wheel, ring] = [this.#wheel, this.#ring]
    let limit = this.#limit(until)
    while (this.fired < this.#firedMax) {
      if (ring.isEmpty) {
        const due = wheel.nextDue
        if (due <= limit) wheel.clock = due
        else if (wheel.seek(until)) limit = this.#limit(until)
        else {
          wheel.advance(until)
          return
        }
      } else if (wheel.nextDue !== wheel.clock) {
        this.#fireFromRing()
        continue
      }
      this.#fireFromWheel()
    }
  }

  /** Ends `run` after the event that is firing now. */
  stop(): void {
    this.#firedMax = 0
  }

  /** 16 hex digits over all events of the world so far: messages, boots, faults. */
  digest(): string {
    return this.#digest.toString()
  }

  /** Begins a running life, for a process that boots. Numbers are given in order, none twice. */
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
    if (held) for (const words of held) this.#drop(words, 0)
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
    for (const words of held) this.#pushRing(words, 0)
    this.post(0, this.#endPause, life, 0, undefined)
  }

  /** False while ended, paused, or still catching up after a pause. */
  isLifeRunning(life: Life): boolean {
    return this.#lives[life] === RUNNING
  }

  #enqueueTicket<P>(
    life: Life,
    delay: Micros,
    handler: HandlerId<P>,
    a: number,
    b: number,
    payload: P,
  ): Ticket {
    const ticket = this.#tickets.issue(life, handler, payload)
    this.#enqueue(delay, ~ticket, a, b)
    return ticket
  }

  #enqueue(delay: Micros, what: number, a: number, b: number): void {
    if ((a | 0) !== a || (b | 0) !== b) refuseArguments(a, b)
    const whole = delay | 0
    const near = whole === delay && whole > 0 && whole < NEAR
    const at = near ? this.#wheel.insert(whole) : this.#makeRoom(delay)
    const words = delay === 0 ? this.#ring.words : this.#wheel.words
    words[at | WHAT] = what
    words[at | ARG_A] = a
    words[at | ARG_B] = b
    this.pending++
  }

  #makeRoom(delay: Micros): Spot {
    invariant(delay >= 0 && delay === Math.floor(delay), 'a delay is a whole number >= 0', {
      delay,
    })
    return delay === 0 ? this.#ring.push() : this.#wheel.insert(delay)
  }

  #pushRing(words: Int32Array, at: Spot): void {
    const spot = this.#ring.push()
    copyEvent(words, at, this.#ring.words, spot)
  }

  /** The last of the low 30 bits of time, in this epoch, that `run` goes to. */
  #limit(until: Micros): number {
    return Math.min(until - this.#wheel.base, NEAR - 1)
  }

  /** Whether an event is ready at the (possibly advanced) clock. */
  #seek(until: Micros): boolean {
    return !this.#ring.isEmpty || this.#wheel.seek(until)
  }

  /** Takes the ready event; false where it was cancelled, held or belonged to an ended life. */
  #fire(): boolean {
    const isDue = this.#wheel.nextDue === this.#wheel.clock
    return isDue ? this.#fireFromWheel() : this.#fireFromRing()
  }

  #fireFromWheel(): boolean {
    const wheel = this.#wheel
    const at = wheel.next
    const words = wheel.words
    wheel.pass()
    const what = words[at | WHAT]
    if (what >= 0) {
      this.#fireOfWorld(what, words[at | ARG_A], words[at | ARG_B], undefined)
      return true
    }
    const ticket: Ticket = ~what
    const state = this.#lives[this.#tickets.lives[ticket]]
    if (state !== RUNNING) {
      this.#setAside(words, at, state)
      return false
    }
    return this.#fireTicket(ticket, words, at)
  }

  #fireFromRing(): boolean {
    const at = this.#ring.shift()
    const words = this.#ring.words
    const what = words[at | WHAT]
    if (what >= 0) {
      this.#fireOfWorld(what, words[at | ARG_A], words[at | ARG_B], undefined)
      return true
    }
    const ticket: Ticket = ~what
    const state = this.#lives[this.#tickets.lives[ticket]]
    if (state !== RUNNING && state !== RESUMING) {
      this.#setAside(words, at, state)
      return false
    }
    return this.#fireTicket(ticket, words, at)
  }

  /** False where the event was cancelled. */
  #fireTicket(ticket: Ticket, words: Int32Array, at: Spot): boolean {
    const handler: HandlerId<never> = this.#tickets.handlers[ticket]
    const life: Life = this.#tickets.lives[ticket]
    const payload = this.#tickets.use(ticket)
    if (handler === GONE) {
      this.#stale--
      return false
    }
    const a = words[at | ARG_A]
    const b = words[at | ARG_B]
    if (life === OF_WORLD) this.#fireOfWorld(handler, a, b, payload)
    else this.#dispatch(handler, a, b, payload)
    return true
  }

  /** Whether these are words of a cancelled event; gives their ticket back where they are. */
  #clears(words: Int32Array, at: Spot): boolean {
    const what = words[at | WHAT]
    if (what >= 0 || this.#tickets.handlers[~what] !== GONE) return false
    this.#tickets.use(~what)
    this.#stale--
    return true
  }

  /**
   * Frees the words of cancelled events. At least as many were cancelled since the last sweep
   * as it has to look at, within a factor of two, so that a cancellation stays O(1) on average.
   */
  #sweep(): void {
    this.#wheel.sweep((words, at) => this.#clears(words, at))
    this.#staleMax = Math.max(STALE_MIN, this.pending, 2 * this.#stale)
  }

  /**
   * The paths of an event whose process is not running. One that comes from the wheel in the
   * microsecond of a resume goes to the end of the ring, behind what was held before it.
   */
  #setAside(words: Int32Array, at: Spot, state: number): void {
    if (state === RESUMING) this.#pushRing(words, at)
    else if (state === PAUSED) {
      const life: Life = this.#tickets.lives[~words[at | WHAT]]
      this.#held.get(life)?.push(words.slice(at, at + EVENT_WIDTH))
    } else this.#drop(words, at)
  }

  #drop(words: Int32Array, at: Spot): void {
    if (this.#clears(words, at)) return
    this.#tickets.use(~words[at | WHAT])
    this.pending--
  }

  #pauseIsOver(life: Life): void {
    if (this.#lives[life] === RESUMING) this.#lives[life] = RUNNING
  }

  #fireOfWorld(handler: HandlerId<never>, a: number, b: number, payload: unknown): void {
    this.#digest.fold(this.#wheel.clock, handler, a, b)
    this.#dispatch(handler, a, b, payload)
  }

  #dispatch(handler: HandlerId<never>, a: number, b: number, payload: unknown): void {
    this.pending--
    this.fired++
    if (this.onFired !== null) this.onFired(this.now, this.#names[handler], a, b)
    const run = this.#handlers[handler]
    run(a, b, payload)
  }

  #idOf(ticket: Ticket): EventId {
    return this.#tickets.stamps[ticket] * TICKETS_MAX + ticket
  }
}

function refuseArguments(a: number, b: number): never {
  throw new InvariantViolation('event arguments are 32-bit integers; more goes into the payload', {
    a,
    b,
  })
}
