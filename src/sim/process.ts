import type { Host } from './host.ts'
import { invariant } from './invariant.ts'
import type { Random, RandomSource } from './random.ts'
import {
  type EventHandler,
  type EventId,
  type HandlerId,
  type Life,
  NO_EVENT,
  type Scheduler,
  WORLD_LIFE,
} from './scheduler.ts'
import type { Checked } from './state-checks.ts'
import { type Micros, NEVER } from './time.ts'

/** All that a program sees of the world: its name, the clock, timers, chance. */
export interface ProcessContext {
  readonly name: string
  readonly now: Micros
  /** One timer that can be armed again and again. */
  timer(fn: () => void): Timer
  /** This process's own stream of that name; a new incarnation goes on where the last one was. */
  random(stream: string): Random
  /** Registers a function in the world's handler table. */
  handler<P = undefined>(fn: EventHandler<P>, name?: string): HandlerId<P>
  /** Fires a handler of this incarnation after `delay`; payload and arguments go along. */
  schedule(delay: Micros, handler: HandlerId, a?: number, b?: number): EventId
  schedule<P>(delay: Micros, handler: HandlerId<P>, a: number, b: number, payload: P): EventId
  /** `schedule` for what nobody will cancel. */
  after(delay: Micros, handler: HandlerId, a?: number, b?: number): void
  after<P>(delay: Micros, handler: HandlerId<P>, a: number, b: number, payload: P): void
  cancel(id: EventId): boolean
}

export interface Timer {
  /** Fires after `delay`, and not at any time set before. */
  arm(delay: Micros): void
  cancel(): void
  readonly armed: boolean
  /** NEVER while it is not armed. */
  readonly deadline: Micros
}

/** How a process ended, as its sockets see it. */
export type Ending = 'crash' | 'exit' | 'vanish'

/** What the operating system frees when a process ends: its sockets. */
export interface ProcessResource {
  processEnded(how: Ending): void
}

export type ProcessState = 'running' | 'paused' | 'stopped'

/**
 * A program on a host that can crash. Each boot is a new incarnation with a life of its own:
 * what an earlier one scheduled never fires.
 */
export class Process implements ProcessContext {
  readonly id: number
  readonly name: string
  readonly host: Host
  incarnation = 0
  state: ProcessState = 'stopped'
  /** The life of this incarnation; that of the last one while stopped. */
  life: Life = WORLD_LIFE
  /** Builds the in-memory objects of a new incarnation. Set by the composer. */
  onBoot: (() => void) | null = null
  /** SIGTERM: the program's own orderly way to `exit()`. None: it exits at once. */
  onTerminate: (() => void) | null = null
  readonly resources = new Set<ProcessResource>()
  /** What this incarnation has in memory and can check. */
  readonly memory = new Set<Checked>()

  readonly #scheduler: Scheduler
  readonly #source: RandomSource
  readonly #streams = new Map<string, Random>()
  readonly #bootHandler: HandlerId
  readonly #timerHandler: HandlerId<ProcessTimer>
  #bootEvent: EventId = NO_EVENT
  #timers = 0
  #terminateAtResume = false

  constructor(id: number, name: string, host: Host, scheduler: Scheduler, source: RandomSource) {
    this.id = id
    this.name = name
    this.host = host
    this.#scheduler = scheduler
    this.#source = source
    this.#bootHandler = scheduler.register(() => this.#boot(), `${name}/boot`)
    this.#timerHandler = scheduler.register(fireTimer, `${name}/timer`)
    host.programs.push(this)
  }

  get now(): Micros {
    return this.#scheduler.now
  }

  /** Boots after `delay`. Nothing happens where it runs already or the host has no power then. */
  start(delay: Micros = 0): void {
    if (this.state !== 'stopped') return
    this.#scheduler.cancel(this.#bootEvent)
    this.#bootEvent = this.#scheduler.schedule(delay, this.#bootHandler, this.id)
  }

  /** kill -9: memory is gone, the kernel resets the sockets, the page cache stays. */
  crash(): void {
    this.#end('crash')
  }

  /** SIGTERM. A paused process gets it when it resumes. */
  terminate(): void {
    if (this.state === 'paused') this.#terminateAtResume = true
    else if (this.state === 'stopped') this.#cancelBoot()
    else if (this.onTerminate) this.onTerminate()
    else this.exit()
  }

  /** The program ends of itself: peers see its connections closed in order. */
  exit(): void {
    this.#end('exit')
  }

  /** Ends as its host does: no peer hears anything. */
  vanish(): void {
    this.#end('vanish')
  }

  /** SIGSTOP: timers and messages wait, the kernel below still accepts and acknowledges. */
  pause(): void {
    if (this.state !== 'running') return
    this.state = 'paused'
    this.#scheduler.pauseLife(this.life)
  }

  /** SIGCONT: what waited happens now, in order. */
  resume(): void {
    if (this.state !== 'paused') return
    this.state = 'running'
    this.#scheduler.resumeLife(this.life)
    if (!this.#terminateAtResume) return
    this.#terminateAtResume = false
    this.terminate()
  }

  /**
   * Registers under `process/name`. Each call takes a new number in the table: it belongs where a
   * part is built, never where events are scheduled.
   */
  handler<P = undefined>(fn: EventHandler<P>, name = 'event'): HandlerId<P> {
    return this.#scheduler.register(fn, `${this.name}/${name}`)
  }

  /**
   * Fires after `delay` µs, in this incarnation only. A stopped process schedules nothing and gets
   * NO_EVENT, which is harmless to cancel.
   */
  schedule(delay: Micros, handler: HandlerId, a?: number, b?: number): EventId
  schedule<P>(delay: Micros, handler: HandlerId<P>, a: number, b: number, payload: P): EventId
  schedule(delay: Micros, handler: HandlerId<unknown>, a = 0, b = 0, payload?: unknown): EventId {
    if (this.state === 'stopped') return NO_EVENT
    return this.#scheduler.scheduleIn(this.life, delay, handler, a, b, payload)
  }

  /** `schedule` without an id, for what nobody will cancel; nothing happens while stopped. */
  after(delay: Micros, handler: HandlerId, a?: number, b?: number): void
  after<P>(delay: Micros, handler: HandlerId<P>, a: number, b: number, payload: P): void
  after(delay: Micros, handler: HandlerId<unknown>, a = 0, b = 0, payload?: unknown): void {
    if (this.state === 'stopped') return
    this.#scheduler.postIn(this.life, delay, handler, a, b, payload)
  }

  /** False, and no effect, where the event has fired, was cancelled before, or never was. */
  cancel(id: EventId): boolean {
    return this.#scheduler.cancel(id)
  }

  /**
   * A timer of the present incarnation, not armed; arming it does nothing once that has ended. One
   * made before the first boot joins the life in which it is armed first.
   */
  timer(fn: () => void): Timer {
    return new ProcessTimer(this, this.#timerHandler, this.#timers++, fn)
  }

  /**
   * The stream forked from the seed by `process/stream`, so that draws of one part never move those
   * of another. It goes on over restarts.
   */
  random(stream: string): Random {
    const known = this.#streams.get(stream)
    if (known) return known
    const fresh = this.#source.fork(`${this.name}/${stream}`)
    this.#streams.set(stream, fresh)
    return fresh
  }

  #boot(): void {
    this.#bootEvent = NO_EVENT
    if (!this.host.up || this.state !== 'stopped') return
    this.incarnation++
    this.life = this.#scheduler.openLife()
    this.state = 'running'
    this.#timers = 0
    this.onBoot?.()
  }

  #end(how: Ending): void {
    this.#cancelBoot()
    if (this.state === 'stopped') return
    this.state = 'stopped'
    this.memory.clear()
    this.#terminateAtResume = false
    this.#scheduler.endLife(this.life)
    const resources = [...this.resources]
    this.resources.clear()
    for (const resource of resources) resource.processEnded(how)
    invariant(this.resources.size === 0, 'a stopped process holds nothing', { name: this.name })
  }

  #cancelBoot(): void {
    this.#scheduler.cancel(this.#bootEvent)
    this.#bootEvent = NO_EVENT
  }
}

/** A timer of one incarnation; `a` and `b` of its events are its number and its arming. */
class ProcessTimer implements Timer {
  deadline: Micros = NEVER
  readonly #process: Process
  /** WORLD_LIFE until a timer that was made before the first boot is armed in one. */
  #life: Life
  readonly #handler: HandlerId<ProcessTimer>
  readonly #number: number
  readonly #fn: () => void
  #event: EventId = NO_EVENT

  constructor(process: Process, handler: HandlerId<ProcessTimer>, number: number, fn: () => void) {
    this.#process = process
    this.#life = process.state === 'stopped' ? WORLD_LIFE : process.life
    this.#handler = handler
    this.#number = number
    this.#fn = fn
  }

  get armed(): boolean {
    return this.#event !== NO_EVENT
  }

  arm(delay: Micros): void {
    this.#process.cancel(this.#event)
    if (this.#life === WORLD_LIFE) this.#life = this.#process.life
    if (this.#process.life !== this.#life) return
    this.#event = this.#process.schedule(delay, this.#handler, this.#number, 0, this)
    this.deadline = this.#event === NO_EVENT ? NEVER : this.#process.now + delay
  }

  cancel(): void {
    this.#process.cancel(this.#event)
    this.#event = NO_EVENT
    this.deadline = NEVER
  }

  fire(): void {
    this.#event = NO_EVENT
    this.deadline = NEVER
    this.#fn()
  }
}

function fireTimer(_a: number, _b: number, timer: ProcessTimer): void {
  timer.fire()
}
