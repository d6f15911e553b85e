// The power of all replicas goes at once. What none of them had on its disk is gone, though nobody
// truncates it: each disk tells what it lost, and that is the cause of the loss.

import { describe, expect, it } from 'vitest'
import { causesOf } from '../../src/check/causes.ts'
import { lifeOf } from '../../src/check/record-life.ts'
import { completed } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

const TEXT = `
scenario: power-loss-of-all
version: "4.1"
duration: 40s
settle: 30s
regions: {us: {}, eu: {}}
network: {rtt: {us ~ eu: 80ms}}
clusters:
  us: {brokers: {us: 3}, controllers: {us: 3}, config: {min.insync.replicas: 2}}
  eu: {brokers: {eu: 3}, controllers: {eu: 3}, config: {default.replication.factor: 3}}
flavour: confluent
topics:
  - {name: orders, cluster: us, partitions: 1, replicationFactor: 3}
links:
  - {system: cluster-link, name: dr, from: us, to: eu, mirrors: [orders]}
producers:
  - {name: shop, region: us, cluster: us, topic: orders, rate: 100/s, stop: 12s}
faults:
  - {at: 10s, region-loss: region us, for: 10s}
  - {at: 15s, mirror-failover: {link: dr}}
`

function withoutItsLink(text: string): string {
  const links = text.slice(text.indexOf('links:'), text.indexOf('producers:'))
  const failover = text.split('\n').find((line) => line.includes('mirror-failover')) ?? ''
  return text.replace(links, '').replace(`${failover}\n`, '')
}

describe.each(['1', '2', '3'])('a whole region loses its power, seed %s', (seed) => {
  const alone = completed(scenarioOf(withoutItsLink(TEXT), 'alone.yaml'), seed, {})

  it('each lost range has a cause that goes back to the fault', () => {
    const { rpo } = alone.result
    expect(rpo.records).toBeGreaterThan(0)
    for (const { cause, firstRecordId } of rpo.lostRanges) {
      expect(lifeOf(alone.history, firstRecordId).cause).toBe(cause)
      const kinds = causesOf(alone.history, cause ?? -1).map(({ kind }) => kind)
      // A replica that has kept more than the next leader cuts it off.
      expect([kinds[0], ['disk-loss', 'truncation'].includes(kinds.at(-1) ?? '')]).toEqual([
        'fault',
        true,
      ])
    }
  })

  it('each disk tells what it lost, behind the fault that took it', () => {
    const { events, faults, finalLogs } = alone.history
    const losses = events.filter(({ kind }) => kind === 'disk-loss')
    expect(losses.map(({ actor }) => actor).sort()).toEqual(['broker 1', 'broker 2', 'broker 3'])
    for (const { cause, values } of losses) {
      expect(cause).toBe(faults[0]?.id)
      expect(Number(values.to)).toBeLessThan(Number(values.from))
    }
    const kept = Math.max(...losses.map(({ values }) => Number(values.to)))
    expect(Math.max(...finalLogs.map(({ logEnd }) => logEnd))).toBeLessThanOrEqual(kept)
  })

  it('a group that has read all that is left lags by nothing', () => {
    const group = 'config: {group.id: bill}'
    const bill = `{name: bill, region: us, cluster: us, topic: orders, ${group}}`
    const reader = `consumers: [${bill}]\nfaults:`
    const text = withoutItsLink(TEXT)
      .replace('faults:', reader)
      .replace('settle: 30s', 'settle: 90s')
    const { groups } = completed(scenarioOf(text, 'read.yaml'), seed, {}).result
    expect(groups[0]?.lags.map(({ records, state }) => [records, state])).toEqual([[0, 'ok']])
  })

  it('what the old primary lost by itself is no tail that it could bring home', () => {
    const { result } = completed(scenarioOf(TEXT, 'linked.yaml'), seed, {})
    const [failover] = result.links[0]?.failovers ?? []
    expect(failover?.lostInSource).toBe(failover?.gone)
    expect(failover?.tail).toEqual({ records: 0, cut: 0 })
  })
})
