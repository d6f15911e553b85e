import { describe, expect, it } from 'vitest'
import { linksCatchUp, restedCopies } from '../../../src/testing/claims/links/catch-up.ts'
import { linkLedgerAddsUp } from '../../../src/testing/claims/links/ledger.ts'
import { noLoop } from '../../../src/testing/claims/links/loops.ts'
import { comparedCopies, copiesInOrder } from '../../../src/testing/claims/links/order.ts'
import { positionsNotPastCopies, writtenDown } from '../../../src/testing/claims/links/positions.ts'
import { translationNotPastTruth } from '../../../src/testing/claims/links/translation.ts'
import { copiedPartitions } from '../../../src/testing/linked/copies.ts'
import type { ObservedRun } from '../../../src/testing/observed-run.ts'
import { runOf, SYSTEMS } from './each-system.ts'

/** Links that live in brokers keep no positions but their logs. */
const IN_BROKERS: readonly string[] = ['cluster-link', 'cluster-mirror']

/** Ranges of the log that counts, of the first copy that has records. */
function copyIn(run: ObservedRun) {
  const copies = new Set(copiedPartitions(run).flatMap((one) => one.copies))
  const log = run.history.finalLogs.find(
    ({ partition, isSurvivor, ranges }) =>
      isSurvivor && copies.has(partition) && [...ranges].length > 0,
  )
  if (log === undefined) throw new Error('nothing was copied')
  return log.ranges
}

describe.each(SYSTEMS)('claims about copies of $name', ({ system }) => {
  const honest = runOf(system)

  it('say something about a simple run of it, and hold', () => {
    expect(comparedCopies(honest).length).toBeGreaterThan(0)
    for (const claim of [copiesInOrder, noLoop, linkLedgerAddsUp]) {
      expect(claim.check(honest), claim.name).toEqual([])
    }
    const isKept = !IN_BROKERS.includes(system.name) && system.name !== 'ureplicator'
    expect(writtenDown(honest).length).toBe(isKept ? 2 : 0)
    expect(positionsNotPastCopies.check(honest)).toEqual(isKept ? [] : null)
    expect(restedCopies(honest).length).toBe(2)
    expect(linksCatchUp.check(honest)).toEqual([])
  })

  it('are contradicted by a copy whose records have changed places', () => {
    const ranges = copyIn(honest)
    const { count, ...first } = ranges.row(0)
    // The second record stands in front of the first.
    const two = { ...first, count: 1 }
    ranges.set(0, 'count', 1)
    ranges.set(0, 'firstRecordId', first.firstRecordId + 1)
    ranges.push({ ...two, baseOffset: 1_000_000 })
    expect(copiesInOrder.check(honest)?.join('\n')).toMatch(/is record|is another record/)
    ranges.set(0, 'firstRecordId', first.firstRecordId)
    ranges.set(0, 'count', count)
    expect(linksCatchUp.check(honest)).toEqual([])
  })

  it('are contradicted by a copy that lacks its last record', () => {
    const ranges = copyIn(honest)
    const { count } = ranges.row(0)
    ranges.set(0, 'count', count - 1)
    expect(linksCatchUp.check(honest)?.join('\n')).toContain('has left out 1 of')
    if (writtenDown(honest).length === 0) return
    expect(positionsNotPastCopies.check(honest)?.join('\n')).toContain('has left out 1 records')
  })
})

/** As if groups were further at the target than they are. */
function ahead(run: ObservedRun, records: number): ObservedRun {
  const clusters = run.result.clusters.map((cluster) => ({
    ...cluster,
    groups: cluster.groups.map((group) => ({
      ...group,
      rows: group.rows.map((row) => ({
        ...row,
        currentOffset: row.currentOffset === null ? null : row.currentOffset + records,
      })),
    })),
  }))
  return { ...run, result: { ...run.result, clusters } }
}

describe.each(SYSTEMS)('what $name makes of a group', ({ name, system }) => {
  const run = runOf(system)
  const carries = IN_BROKERS.includes(name) || name === 'replicator'

  it('is claimed where it is carried within so short a run, and holds', () => {
    expect(translationNotPastTruth.check(run)).toEqual(carries ? [] : null)
  })

  it('contradicts the claim where it leads past what the group has not had', () => {
    const sentences = translationNotPastTruth.check(ahead(run, 40))
    expect(sentences?.length ?? 0).toBe(carries ? 2 : 0)
  })
})
