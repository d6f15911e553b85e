import { describe, expect, it } from 'vitest'
import { completed } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { LIBRARY } from '../support/library.ts'

const FILE = LIBRARY.find(({ name }) => name === 'q21-failback-reversed')

describe.each(['1', '2'])('a failover and the way home over a reversed link, seed %s', (seed) => {
  const { result, history } = completed(scenarioOf(FILE?.text ?? '', 'q21.yaml'), seed, {})
  const [there, back] = result.links
  const [failover] = there?.failovers ?? []
  const [failback] = back?.failovers ?? []

  it('counts what only the old primary had as the tail, and what of it was truncated', () => {
    const { tail, missing, gone } = failover ?? {}
    expect(tail?.records).toBeGreaterThan(0)
    expect(tail?.cut).toBe(tail?.records)
    expect(gone).toBe(missing?.records)
    expect(result.fates.lost).toBe(gone)
  })

  it('has a planned switch of its own, without a fault and without loss', () => {
    expect(failback).toMatchObject({ faultAtMs: null, detectMs: null, missing: { records: 0 } })
    const { switchMs, clientMs, promotedAtMs = 0 } = failback ?? {}
    // Stopped at 210 s; a gate and three seconds of typing, the reversal, two to five of a start.
    expect(switchMs).toBeGreaterThan(3_000 + 2_000)
    expect(switchMs).toBeLessThan(1_000 + 3_000 + 2_000 + 5_000 + 1_000)
    expect(clientMs).toBeLessThan(switchMs ?? 0)
    expect(promotedAtMs).toBeGreaterThan(213_000)
  })

  it('ends the old failover when the old primary is the primary again', () => {
    expect(failover?.backAtMs).toBeCloseTo(failback?.promotedAtMs ?? -1, 3)
  })

  it('leaves two equal logs', () => {
    expect([there?.onlyAtSource, there?.onlyAtTarget]).toEqual([0, 0])
    const endOf = (cluster: string) =>
      history.finalLogs
        .filter(({ partition, isSurvivor }) => {
          const { cluster: at, topic } = history.partitions[partition] ?? {}
          return isSurvivor && at === cluster && topic === 'orders'
        })
        .map(({ logEnd }) => logEnd)
    expect(endOf('us')).toEqual(endOf('eu'))
  })
})
