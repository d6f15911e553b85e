import { describe, expect, it } from 'vitest'
import { CUT, endsOf, runLinked, told } from './two-regions.ts'

const BOTH_WAYS = { 'link.mode': 'BIDIRECTIONAL' }

describe('a cluster link', () => {
  const quiet = runLinked({
    stop: '20s',
    consumers: ['{name: bill, region: eu, cluster: B, topic: orders}'],
  })

  it('copies every committed record once, at its offset, to every replica of the mirror', () => {
    expect(quiet.fates).toMatchObject({ acked: 10_000, lost: 0, duplicated: 0, reordered: 0 })
    for (const number of [0, 1]) {
      const ends = endsOf(quiet, `A:orders-${number}`)
      expect(new Set(ends).size).toBe(1)
      expect(endsOf(quiet, `B:orders-${number}`)).toEqual(ends)
    }
    expect(quiet.consumerView).toMatchObject({ delivered: 10_000, skipped: 0, phantom: 0 })
    expect(quiet.divergence).toMatchObject({ offsets: 0 })
  })

  it('costs a reader at the mirror one way over the network and what a fetch waits', () => {
    const { p50Ms } = quiet.latency.endToEnd.before
    expect(p50Ms).toBeGreaterThan(40)
    expect(p50Ms).toBeLessThan(160)
  })

  it('refuses writes to a mirror', () => {
    const refused = runLinked({ stop: '10s', takeOver: '12s', duration: '15s' })
    expect(told(refused, 'client-error')).toContain('INVALID_REQUEST from B:orders-0')
    expect(refused.fates).toMatchObject({ acked: 5000, failed: 1500, failedButPresent: 0 })
  })
})

describe('failover of a mirror', () => {
  const fault = ['{at: 10s, region-loss: region us}', '{at: 14s, mirror-failover: {link: dr}}']
  const lost = runLinked({ takeOver: '15s', faults: fault })

  it('goes through its states to a topic that takes writes, and loses the tail', () => {
    expect(told(lost, 'mirror').slice(1)).toEqual([
      'mirror B:orders: ACTIVE → PENDING_STOPPED',
      'mirror B:orders: PENDING_STOPPED → STOPPED',
    ])
    expect(told(lost, 'promotion')).toEqual(['B:orders is writable'])
    expect(lost.rpo.records).toBeGreaterThan(0)
    expect(lost.fates.duplicated).toBe(0)
  })

  it('loses what was committed and not fetched: the time of a fetch under way', () => {
    expect(lost.rpo.windowMs).toBeGreaterThan(0)
    expect(lost.rpo.windowMs).toBeLessThan(200)
  })
})

describe('promotion of a mirror', () => {
  it('loses nothing where the source is no longer written to', () => {
    const fault = ['{at: 12s, mirror-promote: {link: dr}}']
    const planned = runLinked({ stop: '10s', takeOver: '15s', faults: fault })
    expect(told(planned, 'mirror').slice(1)).toEqual([
      'mirror B:orders: ACTIVE → PENDING_SYNCHRONIZE',
      'mirror B:orders: PENDING_SYNCHRONIZE → PENDING_STOPPED',
      'mirror B:orders: PENDING_STOPPED → STOPPED',
    ])
    expect(planned.rpo.records).toBe(0)
    expect(planned.fates).toMatchObject({ acked: 12_500, lost: 0, delayed: 0 })
  })

  it('is refused while the mirror lags', () => {
    const slow = 'slow-link: {between: [region us, region eu], bandwidth: 2Mbit}'
    const faults = [`{at: 5s, ${slow}}`, '{at: 12s, mirror-promote: {link: dr}}']
    const early = runLinked({ stop: '20s', faults, config: { 'replica.fetch.max.bytes': 65_536 } })
    expect(told(early, 'operator').at(-1)).toMatch(/refused, the mirror lags by \d+ records/)
    expect(told(early, 'promotion')).toEqual([])
  })
})

describe('truncate-and-restore', () => {
  const faults = [
    `{at: 8s, ${CUT}, for: 12s}`,
    '{at: 14s, mirror-failover: {link: dr}}',
    '{at: 30s, mirror-truncate-and-restore: {link: dr}}',
  ]
  const knobs = { restoreTakes: '1s' }
  const args = { stop: '10s', takeOver: '15s', duration: '50s', faults, knobs }

  it('takes half a minute to a minute, as it did where it was shown', () => {
    const slow = { ...args, duration: '100s', config: BOTH_WAYS, knobs: {} }
    const changes = runLinked(slow).timeline.filter(({ text }) => text.includes('mirror A:orders'))
    const [ordered, cut] = changes.map(({ atMs }) => atMs)
    expect((cut ?? 0) - (ordered ?? 0)).toBeGreaterThan(30_000)
    expect((cut ?? 0) - (ordered ?? 0)).toBeLessThan(61_500)
  })

  it('deletes exactly the records that never crossed, and mirrors back', () => {
    const restored = runLinked({ ...args, config: BOTH_WAYS })
    const counts = told(restored, 'operator')
      .map((text) => /: (\d+) messages will be truncated/.exec(text)?.[1])
      .filter((count) => count !== undefined)
    expect(counts).toEqual([String(restored.fates.lost)])
    expect(restored.fates.lost).toBeGreaterThan(900)
    expect(told(restored, 'mirror').slice(-3)).toEqual([
      'mirror A:orders: none → PENDING_SETUP_FOR_RESTORE',
      'mirror A:orders: PENDING_SETUP_FOR_RESTORE → PENDING_RESTORE',
      'mirror A:orders: PENDING_RESTORE → ACTIVE',
    ])
    for (const number of [0, 1]) {
      expect(endsOf(restored, `A:orders-${number}`)).toEqual(endsOf(restored, `B:orders-${number}`))
    }
    expect(restored.divergence).toMatchObject({ offsets: 0 })
  })

  it('needs a bidirectional link', () => {
    const refused = runLinked(args)
    expect(told(refused, 'operator').at(-1)).toContain('refused, the link is not BIDIRECTIONAL')
    expect(refused.fates.lost).toBe(0)
  })
})

describe('reversal', () => {
  it('makes the source read-only, loses nothing, and mirrors the other way', () => {
    const faults = ['{at: 9s, mirror-reverse: {link: dr}}']
    const reversed = runLinked({ stop: '10s', takeOver: '12s', config: BOTH_WAYS, faults })
    expect(told(reversed, 'mirror').slice(1)).toEqual([
      'mirror B:orders: ACTIVE → PENDING_SYNCHRONIZE',
      'mirror A:orders: none → PENDING_MIRROR',
      'mirror B:orders: PENDING_SYNCHRONIZE → PENDING_STOPPED',
      'mirror B:orders: PENDING_STOPPED → STOPPED',
      'mirror A:orders: PENDING_MIRROR → ACTIVE',
    ])
    expect(told(reversed, 'client-error')).toContain('INVALID_REQUEST from A:orders-0')
    expect(reversed.fates).toMatchObject({ lost: 0, duplicated: 0, delayed: 0 })
    for (const number of [0, 1]) {
      expect(endsOf(reversed, `A:orders-${number}`)).toEqual(endsOf(reversed, `B:orders-${number}`))
    }
  })
})

describe('a paused mirror', () => {
  it('falls behind, and catches up when it goes on', () => {
    const faults = ['{at: 5s, mirror-pause: {link: dr}}', '{at: 10s, mirror-resume: {link: dr}}']
    const { partitions, fates } = runLinked({ stop: '20s', faults })
    const track = partitions.find(({ partition }) => partition === 'B:orders-0')?.tracks[0]
    const at = (second: number) => track?.logEnd[second * 10] ?? -1
    expect(at(9)).toBe(at(6))
    expect(at(12)).toBeGreaterThan(at(9))
    expect(fates.lost).toBe(0)
  })
})
