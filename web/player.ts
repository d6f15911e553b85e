// The moment that the page shows: the slider, play, and the steps from event to event.

import type { RunResult } from '../src/contract.ts'
import { byId } from './dom.ts'
import { moment } from './format.ts'

/** Wall time in which the whole run plays. */
const PLAY_MS = 20_000

/** Holds the shown moment and tells `onMove` of each change. */
export class Player {
  nowMs = 0
  private readonly slider = byId('moment', HTMLInputElement)
  private readonly play = byId('play', HTMLButtonElement)
  private readonly onMove: (ms: number) => void
  private stops: readonly number[] = []
  private jumps: readonly number[] = []
  private endMs = 1
  private frame = 0

  constructor(onMove: (ms: number) => void) {
    this.onMove = onMove
    this.slider.addEventListener('input', () => this.moveTo(Number(this.slider.value)))
    this.play.addEventListener('click', () => this.toggle())
    byId('earlier', HTMLButtonElement).addEventListener('click', () => this.step(this.stops, -1))
    byId('later', HTMLButtonElement).addEventListener('click', () => this.step(this.stops, 1))
    document.addEventListener('keydown', (event) => this.key(event))
  }

  /** Takes over a result's clock and shows one moment of it, without telling anybody yet. */
  load(result: RunResult, ms: number): void {
    this.pause()
    this.endMs = result.clock.endMs
    this.stops = moments(result.timeline.map((event) => event.atMs))
    const back = result.rto.produce.backAtMs
    const edges = result.faults.flatMap((fault) => [fault.fromMs, fault.untilMs])
    this.jumps = moments(back === null ? edges : [...edges, back])
    this.slider.max = String(this.endMs)
    this.set(ms)
  }

  moveTo(ms: number): void {
    this.set(ms)
    this.onMove(this.nowMs)
  }

  /** Puts the slider under the drawing's time axis. */
  align(left: number, width: number): void {
    this.slider.style.marginLeft = `${left - 8}px`
    this.slider.style.width = `${width + 16}px`
  }

  private set(ms: number): void {
    this.nowMs = Math.min(Math.max(ms, 0), this.endMs)
    this.slider.value = String(this.nowMs)
    this.slider.setAttribute('aria-valuetext', `${moment(this.nowMs)} seconds`)
  }

  private step(stops: readonly number[], direction: 1 | -1): void {
    const next =
      direction === 1
        ? stops.find((ms) => ms > this.nowMs + 0.5)
        : stops.findLast((ms) => ms < this.nowMs - 0.5)
    if (next !== undefined) this.moveTo(next)
  }

  private toggle(): void {
    if (this.frame !== 0) this.pause()
    else this.start()
  }

  private start(): void {
    if (this.nowMs >= this.endMs) this.set(0)
    this.play.textContent = '❚❚'
    this.play.setAttribute('aria-pressed', 'true')
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) this.playByEvents()
    else this.playByFrames()
  }

  private playByFrames(): void {
    let before = performance.now()
    const advance = (now: number) => {
      this.moveTo(this.nowMs + ((now - before) / PLAY_MS) * this.endMs)
      before = now
      if (this.nowMs >= this.endMs) this.pause()
      else this.frame = requestAnimationFrame(advance)
    }
    this.frame = requestAnimationFrame(advance)
  }

  /** Without motion: one event a second. */
  private playByEvents(): void {
    this.frame = window.setInterval(() => {
      const before = this.nowMs
      this.step(this.stops, 1)
      if (this.nowMs === before) this.pause()
    }, 1_000)
  }

  private pause(): void {
    cancelAnimationFrame(this.frame)
    clearInterval(this.frame)
    this.frame = 0
    this.play.textContent = '▶'
    this.play.setAttribute('aria-pressed', 'false')
  }

  private key(event: KeyboardEvent): void {
    const target = event.target
    const typing =
      target instanceof HTMLElement && target.closest('input, textarea, select, button')
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return
    const actions: Readonly<Record<string, () => void>> = {
      ' ': () => this.toggle(),
      ArrowLeft: () => this.step(this.stops, -1),
      ArrowRight: () => this.step(this.stops, 1),
      '[': () => this.step(this.jumps, -1),
      ']': () => this.step(this.jumps, 1),
    }
    const action = actions[event.key]
    if (action === undefined) return
    event.preventDefault()
    action()
  }
}

function moments(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b)
}
