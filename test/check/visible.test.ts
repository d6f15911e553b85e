// What could be read of a partition, when: it grows with the watermark, and falls with the log.

import { describe, expect, it } from 'vitest'
import { ageAt, visibleAt, visibleByPartition } from '../../src/check/visible.ts'
import { History } from '../../src/history.ts'

const SECOND = 1_000_000

class Watched {
  readonly history = new History()

  /** Watermarks of a leader of an epoch: [second, offset]. */
  shows(leaderEpoch: number, ...marks: readonly (readonly [number, number])[]): this {
    for (const [second, offset] of marks) {
      const row = { partition: 0, broker: leaderEpoch, leaderEpoch, offset, at: second * SECOND }
      this.history.highWatermarks.push(row)
    }
    return this
  }

  leads(leaderEpoch: number, second: number, logEnd: number): this {
    const row = { partition: 0, broker: leaderEpoch, leaderEpoch, at: second * SECOND, logEnd }
    this.history.leaderships.push(row)
    return this
  }

  get visible() {
    return visibleByPartition(this.history).get(0) ?? []
  }
}

const at = (watched: Watched, ...seconds: number[]) =>
  seconds.map((second) => visibleAt(watched.visible, second * SECOND))

describe('what can be read', () => {
  const grown = () => new Watched().leads(0, 0, 0).shows(0, [1, 10], [2, 20], [3, 30])

  it('is the highest watermark shown, also while a new leader is late with its own', () => {
    const moved = grown().leads(1, 4, 30).shows(1, [5, 15], [6, 30], [7, 40])
    expect(at(moved, 0, 1, 3, 4, 5, 6, 7)).toEqual([0, 10, 30, 30, 30, 30, 40])
  })

  it('falls where a leader begins with a shorter log, and grows again from there', () => {
    const lost = grown().leads(1, 4, 15).shows(1, [5, 15], [8, 25])
    expect(at(lost, 3, 4, 5, 8)).toEqual([30, 15, 15, 25])
  })

  it('has been there for as long as what is left of it', () => {
    const lost = grown().leads(1, 4, 15).shows(1, [8, 25])
    // Up to 10 since second 1, up to 15 since second 2, up to 25 since second 8.
    const ages = [0, 10, 15, 25].map((offset) => ageAt(lost.visible, offset, 9 * SECOND) / SECOND)
    expect(ages).toEqual([8, 7, 1, 0])
  })

  it('does not follow a leader of the old epoch that goes on', () => {
    expect(at(grown().leads(1, 4, 15).shows(0, [5, 50]), 6)).toEqual([15])
  })

  it('falls where a leader in office cuts its own log, and not with a follower’s', () => {
    const cut = (broker: number) => {
      const watched = grown()
      const row = { partition: 0, broker, fromOffset: 5, toOffset: 30, at: 4 * SECOND, event: 0 }
      watched.history.truncations.push(row)
      return at(watched, 5)
    }
    expect([cut(0), cut(2)]).toEqual([[5], [30]])
  })
})
