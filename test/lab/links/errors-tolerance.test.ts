// A record that MirrorMaker 2's producer cannot send: the task fails, or passes it over for good.

import { describe, expect, it } from 'vitest'
import { run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { mirroredText } from './mirrored-regions.ts'
import { endsOf, told } from './two-regions.ts'

/** A hundred small records in ten seconds, and from the fifth on ten that are too large to copy. */
function copied(tolerance: string) {
  const text = mirroredText({
    ...{ duration: '10s', settle: '3s', rtt: '20ms' },
    config: `errors.tolerance: ${tolerance}`,
    producer: 'max.request.size: 2000',
    more: `
producers:
  - {name: small, region: us, cluster: A, topic: orders, rate: 10/s, recordBytes: 100}
  - {name: large, region: us, cluster: A, topic: orders, rate: 2/s, recordBytes: 5000, start: 5s}
`,
  })
  const result = run(scenarioOf(text, 'tolerance.yaml'), '1')
  const [end = 0] = endsOf(result, 'B:A.orders-0')
  return { told: (kind: string) => told(result, kind), end }
}

describe('a record that MirrorMaker 2 cannot send', () => {
  it('ends its task, and nothing behind it is copied', () => {
    const { told, end } = copied('none')
    expect(told('task-failed')).toHaveLength(1)
    expect(told('records-passed-over')).toEqual([])
    // What was sent beside it in one poll still arrives.
    expect(end).toBeGreaterThanOrEqual(50)
    expect(end).toBeLessThan(60)
  })

  it('is passed over with errors.tolerance all: that is told once, and the task goes on', () => {
    const { told, end } = copied('all')
    expect(told('task-failed')).toEqual([])
    expect(told('records-passed-over')).toEqual([
      'records that cannot be sent are passed over: RECORD_TOO_LARGE',
    ])
    expect(end).toBe(100)
  })
})
