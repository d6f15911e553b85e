// What retention deletes, whoever deletes it first.

import { describe, expect, it } from 'vitest'
import { History } from '../../../src/history.ts'
import { Causes } from '../../../src/lab/record/causes.ts'
import { Clock } from '../../../src/lab/record/clock.ts'
import { LogRecorder } from '../../../src/lab/record/logs.ts'
import { logOf, produced } from '../../kafka/log/batches.ts'

/** Batches at the offsets 0, 1 to 3 and 4. */
function batches() {
  const log = logOf([0])
  log.appendAsLeader(produced({ count: 3, firstRecordId: 100 }), 0)
  log.appendAsLeader(produced({ firstRecordId: 103 }), 0)
  return log.batches()
}

function twoBrokers() {
  const history = new History()
  const clock = new Clock({ now: 2_000 })
  const causes = new Causes()
  const [one, two] = [1, 2].map((id) => new LogRecorder(history, causes, id, clock))
  if (one === undefined || two === undefined) throw new Error('two of two')
  return { history, one, two }
}

describe('what retention deletes', () => {
  it('is recorded once, by the leader', () => {
    const { history, one, two } = twoBrokers()
    one.onRole(0, 1, 0, 0)
    for (const batch of batches()) {
      one.onDeleted(0, batch)
      two.onDeleted(0, batch)
    }
    expect([...history.deletions].map(({ baseOffset, count }) => [baseOffset, count])).toEqual([
      [0, 1],
      [1, 3],
      [4, 1],
    ])
    two.onRole(0, 2, 1, 0)
    expect([...history.deletions]).toHaveLength(3)
  })

  it('is recorded of a follower that leads later, where its leader did not get to it', () => {
    const { history, one, two } = twoBrokers()
    const [first, second, third] = batches()
    if (first === undefined || second === undefined || third === undefined) throw new Error('three')
    one.onRole(0, 1, 0, 0)
    one.onDeleted(0, first)
    for (const batch of [first, second, third]) two.onDeleted(0, batch)
    expect([...history.deletions]).toHaveLength(1)
    const ahead = [{ partition: 0, baseOffset: 1, count: 4, firstRecordId: 100 }]
    expect(two.deletedAhead(0, 1)).toMatchObject(ahead)
    expect(one.deletedAhead(0, 0)).toEqual([])
    two.onRole(0, 2, 1, 0)
    expect([...history.deletions].slice(1)).toMatchObject(ahead)
    expect(two.deletedAhead(0, 0)).toEqual([])
  })
})
