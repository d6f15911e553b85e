import { describe, expect, it } from 'vitest'
import { readsAt, runMoving } from './clients/two-clusters.ts'

const other = (more: string) =>
  `  - {name: audit, region: app, cluster: A, topic: orders, ${more}, config: {group.id: audit}}`

describe('a consumer with a stop', () => {
  it('closes in order at that time, and leaves its group at once', () => {
    const run = runMoving({ client: 'cluster: A, stop: 12s', duration: '20s' })
    expect(readsAt(run, 'A').last).toBeGreaterThan(11)
    expect(readsAt(run, 'A').last).toBeLessThan(12.1)
    const billing = run.history.groupChanges.filter(({ group }) => group === 'billing')
    // A member that had died would be taken out when its session of 45 s had run out.
    const left = billing.find(({ change }) => change === 'removed')
    expect((left?.at ?? 0) / 1e6).toBeGreaterThan(12)
    expect((left?.at ?? 0) / 1e6).toBeLessThan(12.5)
  })

  it('is missed by nobody: that it does not read any more is no outage of its group', () => {
    const of = (stop: string) =>
      runMoving({ consumers: other(stop), duration: '20s', faults: '[{at: 14s, crash: broker-1}]' })
    const groupsOut = (stop: string) =>
      of(stop).result.rto.consume.byClient.find(({ client }) => client === 'audit')?.ms
    expect(groupsOut('stop: 12s')).toBe(0)
    expect(groupsOut('start: 0s')).toBeGreaterThan(5_000)
  })

  it('does not come back from a crash when its time is over', () => {
    const faults = '[{at: 8s, crash: billing, for: 6s}]'
    const run = runMoving({ client: 'cluster: A, stop: 12s', duration: '20s', faults })
    expect(readsAt(run, 'A').last).toBeLessThan(8.1)
  })

  it('reads on to the end of the run where it has none', () => {
    expect(readsAt(runMoving({ duration: '20s' }), 'A').last).toBeGreaterThan(19)
  })
})
