import type { Micros } from './time.ts'

/** The kernel's tick (CONFIG_HZ=250, as Debian and Ubuntu build it). */
export const JIFFY: Micros = 4_000
/** Each level of the wheel is this many times coarser than the one below it. */
const LEVEL_FACTOR = 8
/** Waits of fewer ticks than this, times the level's granularity, go into that level. */
const LEVEL_TICKS = 63

/**
 * When a timer of the kernel, armed at `now`, fires. Linux keeps timers in a wheel whose slots grow
 * with the wait, and rounds up to the next slot, so that none fires early: a wait of a second ends
 * up to 32 ms late, one of 4 or 8 seconds up to 256 ms, one of 32 seconds up to 2 s
 * (kernel/time/timer.c, calc_wheel_index).
 */
export function kernelTimer(now: Micros, wait: Micros): Micros {
  const ticks = Math.ceil(wait / JIFFY)
  const expires = Math.floor(now / JIFFY) + ticks
  let slot = 1
  while (ticks >= LEVEL_TICKS * slot) slot *= LEVEL_FACTOR
  return (Math.floor(expires / slot) + 1) * slot * JIFFY
}
