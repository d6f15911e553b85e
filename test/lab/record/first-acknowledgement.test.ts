import { expect, it } from 'vitest'
import { run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'

/** A broker stands still for longer than records are kept. */
const PAUSED = `
duration: 25s
settle: 0s
regions: { home: {} }
cluster: { brokers: { home: 1 }, controllers: { home: 1 } }
topics: [{ name: orders, partitions: 1, replicationFactor: 1 }]
producers:
  - name: shop
    region: home
    topic: orders
    rate: 20/s
    config: { linger.ms: 0, request.timeout.ms: 1000, delivery.timeout.ms: 3000 }
faults: [{ at: 5s, pause: broker-1, for: 8s }]
`

it('records that were given up have waited, too: the pause counts from the last one served', () => {
  const { timeline, fates, rto } = run(scenarioOf(PAUSED, 'paused'), '1')
  const [, seconds] = timeline
    .map(({ text }) => /^first acknowledgement from orders-0 after ([\d.]+) s$/.exec(text) ?? [])
    .find(([, found]) => found !== undefined) ?? [undefined, '']
  expect(fates.failed + fates.unknown).toBeGreaterThan(10)
  expect(Number(seconds)).toBeGreaterThan(7.5)
  expect(Math.abs(Number(seconds) - (rto.produce.ms ?? 0) / 1_000)).toBeLessThan(0.2)
})
