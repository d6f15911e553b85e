// A timetable with orders to mirrors and faults: figures are counted from what went wrong.

import { expect, it } from 'vitest'
import { runLinked } from './two-regions.ts'

it('a failover is counted from the loss of its source, and not from an order before it', () => {
  const faults = [
    '{at: 4s, mirror-pause: {link: dr}}',
    '{at: 6s, mirror-resume: {link: dr}}',
    '{at: 10s, region-loss: {target: region us, model: disks}}',
    '{at: 14s, mirror-failover: {link: dr}}',
  ]
  const { links, rto } = runLinked({ duration: '25s', takeOver: '16s', faults })
  const [failover] = links[0]?.failovers ?? []
  expect(links[0]?.atFault?.atMs).toBe(10_000)
  expect(failover?.faultAtMs).toBe(10_000)
  const { detectMs, decideMs, executeMs, clientMs } = failover ?? {}
  expect((detectMs ?? 0) + (decideMs ?? 0)).toBeGreaterThan(4_000)
  expect((detectMs ?? 0) + (decideMs ?? 0) + (executeMs ?? 0) + (clientMs ?? 0)).toBeCloseTo(
    rto.produce.ms ?? -1,
    3,
  )
})
