import { AckRing } from './ack-ring.ts'
import { Congestion } from './congestion.ts'
import type { FlowContext, FlowEnds } from './flow-context.ts'
import { LostTail } from './lost-tail.ts'
import { Retransmission } from './retransmission.ts'
import type { PacketEffect } from './rule.ts'
import { type EventId, NO_EVENT } from './scheduler.ts'
import { fastRecovery } from './tcp.ts'
import { type Micros, NEVER } from './time.ts'

interface Parcel {
  readonly message: unknown
  readonly bytes: number
  readonly writes: number
  /** Bytes not yet sent. */
  left: number
}

/** Chunks of a window on a narrow link, so that acknowledgements clock the sender. */
const CHUNKS_PER_WINDOW = 16

/**
 * One direction of a TCP connection at flow level: no packets, one delivery event a message.
 *
 * What fits into the window is timed when it is sent. What does not waits in a backlog that the
 * returning acknowledgements pump out. A message that meets a black hole is kept, and everything
 * behind it, until a retry of the doubling time-out finds the path open again.
 */
export class Flow {
  readonly ends: FlowEnds
  readonly #context: FlowContext
  readonly #congestion: Congestion
  readonly #ring = new AckRing()
  #backlog: Parcel[] = []
  /** Found missing at their arrival; they go before the backlog. Null, as most often, for none. */
  #lost: Parcel[] | null = null
  /** Messages with a delivery event under way. */
  #flying = 0
  #stalled = false
  #stopped = false
  readonly #retransmission = new Retransmission()
  #retryEvent: EventId = NO_EVENT
  #pumpArmed = false
  #lastSend: Micros = 0
  #lastSegments = 0
  #lastArrival: Micros = 0
  /** Of the message being sent: when its parts so far are there, whatever went before them. */
  #ownArrival: Micros = 0
  /** A message whose last segment was lost; later segments rescue it. Null before the first. */
  #tail: LostTail | null = null

  constructor(context: FlowContext, ends: FlowEnds) {
    this.#context = context
    this.ends = ends
    const { link, reverse, windowMax } = ends
    const rtt = link.delay + reverse.delay
    const { congestionControl } = context
    this.#congestion = new Congestion(congestionControl, link.segmentBytes, windowMax, rtt)
  }

  /** When the last message sent so far arrives. */
  get lastArrival(): Micros {
    return this.#lastArrival
  }

  /** Hands a message to the kernel, which sends it when it may. */
  write(message: unknown, bytes: number, writes: number): void {
    if (this.#stopped) return
    if (this.#stalled) this.#postponeProbe()
    else if (this.#backlog.length === 0) {
      const now = this.#context.scheduler.now
      if (this.#pathDrops()) this.#stall(this.#segments(bytes, writes))
      else {
        this.#settle(now)
        const ring = this.#ring
        this.#congestion.bbr?.programWrites(ring.bytes)
        if (ring.isEmpty) this.#congestion.restartAfterIdle(now - this.#lastSend)
        const fits = bytes <= this.#congestion.window - ring.bytes
        if (fits && !this.#mustChunk(bytes) && !this.#mustPace(now)) {
          this.#sendLast(now, message, bytes, bytes, writes)
          return
        }
      }
    }
    this.#backlog.push({ message, bytes, writes, left: bytes })
    if (!this.#stalled) this.pump()
  }

  /** Sends what the window has room for; runs at a send and when an acknowledgement returns. */
  pump(): void {
    if (this.#stopped || this.#stalled) return
    const now = this.#context.scheduler.now
    this.#settle(now)
    while (this.#backlog.length > 0) {
      const parcel = this.#backlog[0]
      if (this.#pathDrops()) {
        this.#rewind(parcel)
        this.#stall(1)
        return
      }
      const chunk = this.#mustPace(now) ? -1 : this.#chunkFor(parcel.left)
      if (chunk < 0) break
      parcel.left -= chunk
      if (parcel.left > 0) this.#transmit(now, chunk, this.#segments(chunk, 1), 1, false)
      else {
        this.#backlog.shift()
        this.#sendLast(now, parcel.message, parcel.bytes, chunk, parcel.writes)
      }
    }
    if (this.#backlog.length > 0) this.#armPump(now)
  }

  /** Runs at the acknowledgement that a waiting backlog needs. */
  pumpAtAck(): void {
    this.#pumpArmed = false
    if (this.#stopped || this.#stalled) return
    const head = this.#backlog[0]
    if (head !== undefined && this.#anyPathDrops()) {
      this.#rewind(head)
      this.#stall(1)
    } else this.pump()
  }

  /**
   * A delivery event fires. True if the message is there, false if it never arrived. What had left
   * before a cut arrives: a rule stops packets where they set out.
   * @param isAnswered false where nobody takes it and the refusal is lost on its way back
   */
  arrived(message: unknown, bytes: number, isAnswered: boolean): boolean {
    this.#flying--
    if (this.#tail?.isOpen && this.#tail.isHead(message)) this.#tail.end()
    if (this.#lost !== null || !this.ends.to.up || !isAnswered) {
      if (this.#stopped) return false
      this.#lost ??= []
      this.#lost.push({ message, bytes, writes: 1, left: bytes })
      this.#stall(0)
      return false
    }
    if (this.#context.rules.drops(this.ends.to, this.ends.from)) this.#ackLost()
    return true
  }

  /** The retransmission time-out fires. False if the connection is given up. */
  retry(): boolean {
    this.#retryEvent = NO_EVENT
    if (this.#stopped) return true
    if (this.#lost !== null && this.#flying > 0) {
      this.#armRetry(Math.max(1, this.#lastArrival - this.#context.scheduler.now + 1))
      return true
    }
    this.#stalled = true
    if (this.#lost !== null) this.#backlog = this.#lost.concat(this.#backlog)
    this.#lost = null
    if (!this.#anyPathDrops()) {
      this.#resume()
      return true
    }
    if (!this.#pathDrops()) this.#sendHeadUnanswered()
    const { now } = this.#context.scheduler
    const next = this.#retransmission.next(now, this.#congestion.rto)
    if (next !== null) this.#armRetry(next - now)
    return next !== null
  }

  /** Nothing more is sent; what flies still arrives. */
  stop(): void {
    this.#stopped = true
    this.#backlog = []
    this.#lost = null
    this.#context.scheduler.cancel(this.#retryEvent)
    this.#retryEvent = NO_EVENT
  }

  /** All of a message's bytes, or its last chunk: this is the one that delivers it. */
  #sendLast(now: Micros, message: unknown, bytes: number, chunk: number, writes: number): void {
    const { scheduler, arriveHandler } = this.#context
    const { receiverId } = this.ends
    const segments = this.#segments(chunk, writes)
    this.#transmit(now, chunk, segments, writes, true)
    const delay = this.#lastArrival - now
    const arrival = this.#ownArrival
    this.#ownArrival = 0
    this.#flying++
    if (this.#tail === null || !this.#tail.isOpen) {
      scheduler.post(delay, arriveHandler, receiverId, bytes, message)
      return
    }
    const event = scheduler.schedule(delay, arriveHandler, receiverId, bytes, message)
    this.#tail.add({ message, bytes, arrival, event })
  }

  /**
   * Puts bytes on the wire; sets `#lastArrival` to when they are there. Where the last segment of
   * a message is lost, later ones may speed up its recovery.
   */
  #transmit(now: Micros, bytes: number, segments: number, writes: number, isLast: boolean): void {
    const { link, reverse, from, to } = this.ends
    const effect = this.#context.rules.effect(from, to)
    const bbr = this.#congestion.bbr
    const departs = bbr === null ? now : bbr.depart(now, bytes, writes)
    let arrival = link.carry(departs, bytes, segments, effect, this.ends)
    const limited = this.#congestion.isLimiting(this.#ring.bytes + bytes)
    if (!link.plain || !reverse.plain || this.#context.rules.inForce) {
      this.#congestion.sampleRtt(arrival - departs + this.#ackDelay())
      if (link.isCongested(now, this.ends)) this.#congestion.yieldToQueue(now)
    }
    if (this.#tail?.isOpen) this.#rescueTail(this.#tail, now, arrival, segments)
    const lossPpm = link.lossPpm + (effect?.lossPpm ?? 0)
    if (lossPpm > 0) {
      const late = this.#congestion.drawLoss(link.random, lossPpm, segments, !this.#ring.isEmpty)
      arrival += late < 0 ? -late : late
      if (isLast && late < 0) {
        this.#tail ??= new LostTail(this.#context.scheduler)
        this.#tail.begin(this.#lastArrival)
      }
    }
    if (arrival > this.#ownArrival) this.#ownArrival = arrival
    if (this.#ownArrival > this.#lastArrival) this.#lastArrival = this.#ownArrival
    const sample = bbr === null ? null : bbr.sampleAt(now, this.#ring.bytes)
    this.#ring.push(this.#lastArrival + this.#ackDelay(), bytes, limited, sample)
    this.#lastSend = now
    this.#lastSegments = segments
  }

  #ackDelay(): Micros {
    const effect = this.#context.rules.effect(this.ends.to, this.ends.from)
    return this.ends.reverse.delay + (effect?.delay ?? 0)
  }

  #segments(bytes: number, writes: number): number {
    const full = this.ends.link.segmentBytes
    if (bytes <= full) return writes
    const needed = Math.floor((bytes + full - 1) / full)
    return needed + writes - 1
  }

  #effect(): PacketEffect | null {
    return this.#context.rules.effect(this.ends.from, this.ends.to)
  }

  #mustChunk(bytes: number): boolean {
    const { link } = this.ends
    if (bytes <= link.segmentBytes * 2 || !this.#isClocked()) return false
    return bytes > this.#chunkMax()
  }

  #chunkMax(): number {
    const full = this.ends.link.segmentBytes
    const share = Math.floor(this.#congestion.window / CHUNKS_PER_WINDOW)
    return Math.max(2 * full, share - (share % full))
  }

  /** Whether acknowledgements or the pacer decide when each part of a message leaves. */
  #isClocked(): boolean {
    return this.#congestion.bbr !== null || this.ends.link.isNarrow(this.#effect())
  }

  /** On a narrow link others may go first, so that nothing is booked on it before its time. */
  #mustPace(now: Micros): boolean {
    const { bbr } = this.#congestion
    return bbr !== null && bbr.freeAt > now && this.ends.link.isNarrow(this.#effect())
  }

  /** Bytes of `left` to send now; -1 to wait for room of a full segment. */
  #chunkFor(left: number): number {
    const room = this.#congestion.window - this.#ring.bytes
    const full = this.ends.link.segmentBytes
    let chunk = left
    if (chunk > full && this.#isClocked()) {
      chunk = Math.min(chunk, this.#chunkMax())
    }
    if (chunk <= room) return chunk
    if (room >= full) return room - (room % full)
    return this.#ring.isEmpty ? Math.min(left, full) : -1
  }

  /** Takes what is acknowledged by now, and opens the window where it had been the limit. */
  #settle(now: Micros): void {
    const ring = this.#ring
    while (ring.takeAcked(now)) {
      const { lastAck, taken, takenSample, bytes } = ring
      if (takenSample !== null) {
        this.#congestion.bbr?.acknowledged(lastAck, taken, bytes + taken, takenSample)
      }
      if (ring.takenLimited) this.#congestion.grow(taken)
    }
  }

  /** New segments behind a lost tail show the loss before its timer does. */
  #rescueTail(tail: LostTail, now: Micros, arrival: Micros, segments: number): void {
    const { link, receiverId } = this.ends
    const shown = now + fastRecovery(this.#congestion.srtt, segments) + link.delay
    const rescued = tail.after(shown)
    const { transmissions } = tail
    tail.transmissions++
    if (rescued >= this.#lastArrival || arrival > rescued) return
    const { scheduler, arriveHandler } = this.#context
    this.#lastArrival = tail.rescue(rescued, (at, message, bytes) =>
      scheduler.post(at - now, arriveHandler, receiverId, bytes, message),
    )
    this.#ring.hasten(this.#lastArrival + this.#ackDelay(), transmissions)
  }

  #pathDrops(): boolean {
    return this.#context.rules.drops(this.ends.from, this.ends.to)
  }

  #anyPathDrops(): boolean {
    return this.#pathDrops() || this.#context.rules.drops(this.ends.to, this.ends.from)
  }

  /** What was sent of a message in parts, and is not acknowledged, has to be sent again. */
  #rewind(parcel: Parcel): void {
    parcel.left = Math.min(parcel.bytes, parcel.left + this.#ring.bytes)
  }

  /** So many segments are lost next, on top of what is out. */
  #stall(segments: number): void {
    this.#stalled = true
    const ring = this.#ring
    this.#settle(this.#context.scheduler.now)
    const out = ring.isEmpty ? 0 : ring.isSingle ? this.#lastSegments : 2
    this.#armFirstRetry(segments + out)
  }

  /** The timer runs since the last acknowledgement, or since the oldest data out was sent. */
  #armFirstRetry(segmentsOut: number): void {
    if (this.#retryEvent !== NO_EVENT) return
    const { now } = this.#context.scheduler
    const ring = this.#ring
    const { srtt, rto } = this.#congestion
    const sent = ring.isEmpty ? now : ring.nextAck - srtt
    const armedAt = Math.max(ring.lastAck, sent)
    this.#armRetry(this.#retransmission.first(armedAt, srtt, rto, segmentsOut) - now)
  }

  /**
   * Data arrives but its acknowledgement does not: the sender goes on until its window is full or
   * the time-out fires, whichever is first.
   */
  #ackLost(): void {
    if (this.#stopped || this.#stalled) return
    this.#settle(this.#context.scheduler.now)
    this.#armFirstRetry(1)
    this.#ring.block()
  }

  /** Whoever goes on sending into the dark puts the probe off. */
  #postponeProbe(): void {
    const { now } = this.#context.scheduler
    const at = this.#retransmission.postponed(now, this.#congestion.srtt)
    if (at === null || this.#retryEvent === NO_EVENT) return
    this.#context.scheduler.cancel(this.#retryEvent)
    this.#armRetry(at - now)
  }

  #armRetry(delay: Micros): void {
    const { scheduler, retryHandler } = this.#context
    const whole = Math.max(1, Math.floor(delay))
    this.#retryEvent = scheduler.schedule(whole, retryHandler, this.ends.senderId)
  }

  /** One-way cut: each retry brings the oldest segment over, and the sender never learns. */
  #sendHeadUnanswered(): void {
    const head = this.#backlog[0]
    if (head === undefined || head.bytes > this.ends.link.segmentBytes) return
    this.#backlog.shift()
    this.#sendLast(this.#context.scheduler.now, head.message, head.bytes, head.left, head.writes)
  }

  /** The path is open again: the head goes first, alone, then the window opens from there. */
  #resume(): void {
    this.#stalled = false
    this.#retransmission.reset()
    this.#ring.clear()
    this.#congestion.collapse(true)
    this.pump()
  }

  #armPump(now: Micros): void {
    if (this.#pumpArmed) return
    const paced = this.#mustPace(now) ? (this.#congestion.bbr?.freeAt ?? NEVER) : NEVER
    const at = Math.min(this.#ring.nextAck, paced)
    if (at === NEVER) return
    this.#pumpArmed = true
    const { scheduler, pumpHandler } = this.#context
    scheduler.post(Math.max(1, at - now), pumpHandler, this.ends.senderId, 0, undefined)
  }
}
