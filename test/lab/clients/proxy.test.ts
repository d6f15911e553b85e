import { describe, expect, it } from 'vitest'
import { acksAt, readsAt, runMoving } from './two-clusters.ts'

const through = (proxy: string, more: Parameters<typeof runMoving>[0] = {}) => {
  const endpoints = `{kafka: {kind: gateway, cluster: A, proxy: {${proxy}}}}`
  return runMoving({ endpoints, client: 'bootstrap: kafka', duration: '20s', ...more })
}
const p50 = ({ result }: ReturnType<typeof runMoving>) => result.latency.produce.all.p50Ms ?? -1

describe('a proxy between clients and brokers', () => {
  it('adds its hop to each way, beside the client or in a region', () => {
    const plain = p50(runMoving({ duration: '20s' }))
    const sidecar = p50(through('hop: 20ms'))
    expect(sidecar - plain).toBeGreaterThan(38)
    expect(sidecar - plain).toBeLessThan(45)
    // From app to eu and on to A: 25 ms and 25 ms, where the direct way takes 5 ms.
    const detour = p50(through('region: eu, hop: 0s'))
    expect(detour - plain).toBeGreaterThan(85)
    expect(detour - plain).toBeLessThan(100)
  })

  it('carries all that is sent, each record once and in order', () => {
    const { result } = through('hop: 2ms')
    expect(result.fates).toMatchObject({ lost: 0, failed: 0, duplicated: 0, reordered: 0 })
    expect(result.consumerView).toMatchObject({ redelivered: 0, skipped: 0 })
    expect(result.consumerView.delivered).toBe(result.fates.acked)
  })

  it('hangs up on whoever is beyond its connections', () => {
    // A producer of two leaders needs two connections beside the one that it began with.
    const narrow = through('connections: 1').result.fates
    const wide = through('connections: 3').result.fates
    expect(narrow.acked).toBeLessThan(wide.acked)
    expect(wide.acked).toBe(wide.sent)
  })

  it('leads its clients to the other cluster when it is led there', () => {
    const runbooks = `
  - name: flip
    detect: {at: 8s}
    steps: [{repoint: {endpoint: kafka, to: B}}]`
    const run = through('region: app', { runbooks })
    expect(acksAt(run, 'B').first).toBeLessThan(11)
    expect(readsAt(run, 'B').count).toBeGreaterThan(0)
  })

  it('takes its clients with it when its region is lost, though every broker runs', () => {
    const faults = '[{at: 8s, region-loss: region eu, for: 60s}]'
    const config = 'request.timeout.ms: 2000, delivery.timeout.ms: 5000'
    const ackedIn = (region: string) =>
      [...through(`region: ${region}`, { faults, config }).history.produced].filter(
        ({ doneAt, outcome }) => outcome === 0 && doneAt > 8_200_000 && doneAt < 19_000_000,
      ).length
    expect(ackedIn('eu')).toBe(0)
    expect(ackedIn('us')).toBeGreaterThan(500)
  })
})
