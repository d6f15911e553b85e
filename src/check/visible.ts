// What of a partition could be read, over time: the highest watermark that its replicas have shown.
// It falls only where the log itself goes back: a leader takes office with a shorter log, or cuts
// its own (a mirror that is restored). A new leader whose watermark is merely late lost nothing.

import type { History } from '../history.ts'
import { countInFront } from './bisection.ts'
import { rowsByPartition } from './rows.ts'

/** From an instant on, until the log goes back; watermarks by time, both ascending. */
interface Stretch {
  readonly from: number
  readonly at: number[]
  readonly offset: number[]
}

/** One stretch, and another for each time that the log went back. */
export type Visible = readonly Stretch[]

export const NOTHING: Visible = []

/** The log ends at `to` from `at` on; what leaders of older epochs say no longer counts. */
interface Back {
  readonly at: number
  readonly to: number
  readonly epoch: number
}

/** What of each partition could be read, from when on. */
export function visibleByPartition(history: History): Map<number, Visible> {
  const backs = backsOf(history)
  const byPartition = rowsByPartition(history.highWatermarks.column('partition'))
  return new Map(
    [...byPartition].map(([partition, rows]) => [
      partition,
      visibleOf(history, rows, backs.get(partition) ?? []),
    ]),
  )
}

function visibleOf({ highWatermarks }: History, rows: number[], backs: readonly Back[]): Visible {
  const ats = highWatermarks.column('at')
  const offsets = highWatermarks.column('offset')
  const epochs = highWatermarks.column('leaderEpoch')
  rows.sort((a, b) => (ats[a] ?? 0) - (ats[b] ?? 0))
  let open: Stretch = { from: 0, at: [], offset: [] }
  const stretches = [open]
  const goBack = (back: Back) => {
    if (back.to >= (open.offset.at(-1) ?? 0)) return
    open = shortened(open, back)
    stretches.push(open)
  }
  let next = 0
  for (const row of rows) {
    const at = ats[row] ?? 0
    for (; next < backs.length && backs[next].at <= at; next++) goBack(backs[next])
    const isOld = (epochs[row] ?? 0) < (backs[next - 1]?.epoch ?? 0)
    const offset = offsets[row] ?? 0
    if (isOld || offset <= (open.offset.at(-1) ?? 0)) continue
    open.at.push(at)
    open.offset.push(offset)
  }
  for (; next < backs.length; next++) goBack(backs[next])
  return stretches
}

/** What is left of it was visible when it was. */
function shortened({ at, offset }: Stretch, back: Back): Stretch {
  const kept = firstAfter(offset, back.to)
  const left = { from: back.at, at: at.slice(0, kept), offset: offset.slice(0, kept) }
  if (back.to > (left.offset.at(-1) ?? 0)) {
    left.at.push(at[kept])
    left.offset.push(back.to)
  }
  return left
}

/** By partition, in the order of time. */
function backsOf({ leaderships, truncations }: History): Map<number, Back[]> {
  const backs = new Map<number, Back[]>()
  const add = (partition: number, back: Back) => {
    const known = backs.get(partition)
    if (known === undefined) backs.set(partition, [back])
    else known.push(back)
  }
  const offices = [...leaderships]
  for (const { partition, at, logEnd, leaderEpoch } of offices) {
    add(partition, { at, to: logEnd, epoch: leaderEpoch })
  }
  for (const { partition, broker, at, fromOffset } of truncations) {
    const office = offices.findLast((one) => one.partition === partition && one.at <= at)
    if (office?.broker === broker) add(partition, { at, to: fromOffset, epoch: office.leaderEpoch })
  }
  for (const list of backs.values()) list.sort((a, b) => a.at - b.at)
  return backs
}

/** Up to which offset the partition could be read at `at`. */
export function visibleAt(visible: Visible, at: number): number {
  const stretch = stretchAt(visible, at)
  const next = stretch === undefined ? 0 : firstAfter(stretch.at, at)
  return next === 0 ? 0 : (stretch?.offset[next - 1] ?? 0)
}

/** How long something has been visible behind `offset` at `at`. */
export function ageAt(visible: Visible, offset: number, at: number): number {
  const stretch = stretchAt(visible, at)
  const since = stretch?.at[firstAfter(stretch.offset, offset)]
  return since === undefined ? 0 : Math.max(0, at - since)
}

function stretchAt(visible: Visible, at: number): Stretch | undefined {
  return visible.findLast(({ from }) => from <= at)
}

/** Index of the first value greater than `value` in an ascending list. */
function firstAfter(values: readonly number[], value: number): number {
  return countInFront(values.length, (i) => (values[i] ?? 0) <= value)
}
