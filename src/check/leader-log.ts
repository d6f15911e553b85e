// What a partition's log held at an instant, by record id: the log of the leader in office then.
//
// Every append of a leader cuts off what stood at its offset or behind it, and one of a later epoch
// does so to all that earlier epochs wrote, whenever they wrote it: a leader that was cut off goes
// on appending to a log that no longer counts. A leader in office that had not appended by then
// shows with its first append where its log ended.

import type { History } from '../history.ts'
import { type Intervals, RangeBag } from './intervals.ts'
import { rowsByPartition } from './rows.ts'

/** Something that changed a leader's log from `base` on; without records it only cut it. */
interface Step {
  readonly epoch: number
  readonly at: number
  readonly base: number
  readonly count: number
  readonly firstRecordId: number
}

/**
 * Steps of a partition are worked out when it is first asked for, and kept: build it when the
 * history is closed. Times are micros.
 */
export class LeaderLogs {
  private readonly history: History
  private readonly appendRows: ReadonlyMap<number, readonly number[]>
  private readonly officeRows: ReadonlyMap<number, readonly number[]>
  private readonly truncationRows: ReadonlyMap<number, readonly number[]>
  private readonly stepsOf = new Map<number, readonly Step[]>()

  constructor(history: History) {
    this.history = history
    this.appendRows = rowsByPartition(history.appends.column('partition'))
    this.officeRows = rowsByPartition(history.leaderships.column('partition'))
    this.truncationRows = rowsByPartition(history.truncations.column('partition'))
  }

  /** Ids in the logs of all partitions of a cluster at `at`. */
  ofCluster(cluster: string, at: number): Intervals {
    const bag = new RangeBag()
    for (const { index, cluster: home } of this.history.partitions) {
      if (home === cluster) this.addTo(bag, index, at)
    }
    return bag.covered()
  }

  /** Ids in the log of a partition at `at`. */
  ofPartition(partition: number, at: number): Intervals {
    const bag = new RangeBag()
    this.addTo(bag, partition, at)
    return bag.covered()
  }

  private addTo(bag: RangeBag, partition: number, at: number): void {
    const log: Step[] = []
    const offices = this.officesOf(partition)
    let shown = -1
    for (const step of this.steps(partition)) {
      const showsEnd = step.count > 0 && step.epoch > shown && isInOffice(offices, step.epoch, at)
      if (step.at <= at || showsEnd) cut(log, step.base)
      if (step.at <= at && step.count > 0) log.push(step)
      shown = Math.max(shown, step.epoch)
    }
    for (const { firstRecordId, count } of log)
      if (firstRecordId >= 0) bag.add(firstRecordId, count)
  }

  /** Steps by epoch, those of an epoch in the order of time. */
  private steps(partition: number): readonly Step[] {
    const known = this.stepsOf.get(partition)
    if (known !== undefined) return known
    const { appends } = this.history
    const epochs = appends.column('leaderEpoch')
    const ats = appends.column('at')
    const bases = appends.column('baseOffset')
    const counts = appends.column('count')
    const ids = appends.column('firstRecordId')
    const steps = this.cutsByLeaders(partition)
    for (const row of this.appendRows.get(partition) ?? []) {
      steps.push({
        epoch: epochs[row] ?? 0,
        at: ats[row] ?? 0,
        base: bases[row] ?? 0,
        count: counts[row] ?? 0,
        firstRecordId: ids[row] ?? -1,
      })
    }
    steps.sort((a, b) => a.epoch - b.epoch || a.at - b.at || a.base - b.base)
    this.stepsOf.set(partition, steps)
    return steps
  }

  /** A follower's truncation changes nothing in the log that counts; that of a leader does. */
  private cutsByLeaders(partition: number): Step[] {
    const steps: Step[] = []
    for (const row of this.truncationRows.get(partition) ?? []) {
      const { broker, fromOffset, at } = this.history.truncations.row(row)
      const epoch = this.epochLedBy(partition, broker, at)
      if (epoch !== null) steps.push({ epoch, at, base: fromOffset, count: 0, firstRecordId: -1 })
    }
    return steps
  }

  private epochLedBy(partition: number, broker: number, at: number): number | null {
    let led: number | null = null
    for (const row of this.officeRows.get(partition) ?? []) {
      const office = this.history.leaderships.row(row)
      if (office.at > at) continue
      led = office.broker === broker ? office.leaderEpoch : null
    }
    return led
  }

  /** When each epoch's leader took office. */
  private officesOf(partition: number): Map<number, number> {
    const epochs = this.history.leaderships.column('leaderEpoch')
    const ats = this.history.leaderships.column('at')
    const rows = this.officeRows.get(partition) ?? []
    return new Map(rows.map((row) => [epochs[row] ?? 0, ats[row] ?? 0]))
  }
}

function isInOffice(offices: ReadonlyMap<number, number>, epoch: number, at: number): boolean {
  return (offices.get(epoch) ?? Number.POSITIVE_INFINITY) <= at
}

/** Takes away what stands at `offset` or behind it. */
function cut(log: Step[], offset: number): void {
  for (let last = log.at(-1); last !== undefined; last = log.at(-1)) {
    if (last.base + last.count <= offset) return
    log.pop()
    if (last.base < offset) log.push({ ...last, count: offset - last.base })
  }
}
