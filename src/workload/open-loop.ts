import type { RecordSource } from '../kafka/clients/record-source.ts'
import { oneShape } from '../sim/one-shape.ts'
import type { Micros } from '../sim/time.ts'
import { NEVER, SECOND } from '../sim/time.ts'

/** A stretch of constant rate; `until` is exclusive. */
export interface RatePhase {
  readonly from: Micros
  readonly until: Micros
  readonly recordsPerSecond: number
}

interface Stretch extends RatePhase {
  /** Records of all stretches before this one. */
  readonly before: number
  readonly count: number
}

/**
 * Records on a fixed schedule, whatever becomes of them: evenly spaced within each phase, as a
 * load generator sends them. Costs nothing until it is asked.
 */
export class OpenLoopSource implements RecordSource {
  readonly payloadBytes: number
  private readonly stretches: readonly Stretch[]
  /** Share of one interval by which the first record is late, so that streams do not coincide. */
  private readonly offset: number
  private taken = 0
  private at = 0
  /** Arrival of the next record, which is asked for many times before it is taken. */
  private nextAt: Micros

  /**
   * @param phases in order of time, not overlapping.
   * @param offset in [0, 1).
   */
  constructor(payloadBytes: number, phases: readonly RatePhase[], offset: number) {
    this.payloadBytes = payloadBytes
    this.offset = offset
    let before = 0
    this.stretches = phases
      .filter((phase) => phase.recordsPerSecond > 0 && phase.until > phase.from)
      .map((phase) => {
        const count = this.countBy(phase, phase.until - 1)
        const stretch = oneShape({ ...phase, before, count })
        before += count
        return stretch
      })
    this.nextAt = this.scheduled(0)
  }

  /** Those of the schedule up to now, whatever became of earlier ones. */
  available(now: Micros): number {
    if (now < this.nextAt) return 0
    let arrived = 0
    for (let i = this.at; i < this.stretches.length; i++) {
      const stretch = this.stretches[i]
      if (stretch.from > now) break
      arrived = stretch.before + Math.min(stretch.count, this.countBy(stretch, now))
    }
    return Math.max(0, arrived - this.taken)
  }

  /** By the schedule alone; NEVER behind its last stretch. */
  arrivalOf(n: number): Micros {
    return n === 0 ? this.nextAt : this.scheduled(n)
  }

  private scheduled(n: number): Micros {
    const index = this.taken + n
    for (let i = this.at; i < this.stretches.length; i++) {
      const stretch = this.stretches[i]
      const within = index - stretch.before
      if (within < stretch.count) return this.arrivalIn(stretch, within)
    }
    return NEVER
  }

  /** Stretches that are used up are not looked at again. */
  take(n: number): void {
    this.taken += n
    for (;;) {
      const stretch = this.stretches[this.at]
      if (stretch === undefined || this.taken < stretch.before + stretch.count) break
      this.at++
    }
    this.nextAt = this.scheduled(0)
  }

  /** Waits for nobody. */
  done(): void {}

  private arrivalIn(phase: RatePhase, index: number): Micros {
    return phase.from + Math.floor(((index + this.offset) * SECOND) / phase.recordsPerSecond)
  }

  /** Records of a phase that arrive at or before `at`; inverse of `arrivalIn`, exactly. */
  private countBy(phase: RatePhase, at: Micros): number {
    if (at < phase.from) return 0
    let count = Math.floor(((at - phase.from) * phase.recordsPerSecond) / SECOND)
    while (count > 0 && this.arrivalIn(phase, count - 1) > at) count--
    while (this.arrivalIn(phase, count) <= at) count++
    return count
  }
}

/** A straight change of rate as phases of constant rate, `steps` of them. */
export function ramp(
  from: Micros,
  until: Micros,
  startPerSecond: number,
  endPerSecond: number,
  steps: number,
): readonly RatePhase[] {
  const width = until - from
  return Array.from({ length: steps }, (_, i) => ({
    from: from + Math.floor((width * i) / steps),
    until: from + Math.floor((width * (i + 1)) / steps),
    recordsPerSecond: startPerSecond + ((endPerSecond - startPerSecond) * (i + 0.5)) / steps,
  }))
}
