import { describe, expect, it } from 'vitest'
import { CUT, endsOf, runLinked, told } from './two-regions.ts'

describe('a cluster link whose source falls silent', () => {
  const config = { 'availability.check.ms': 2000 }

  it('is told unavailable after five checks, and is back by itself', () => {
    const faults = [`{at: 5s, ${CUT}, for: 60s}`]
    const silent = runLinked({ stop: '10s', duration: '100s', settle: '40s', config, faults })
    expect(told(silent, 'mirror').slice(1)).toEqual([
      'mirror B:orders: ACTIVE → SOURCE_UNAVAILABLE',
      'mirror B:orders: SOURCE_UNAVAILABLE → ACTIVE',
    ])
    expect(endsOf(silent, 'B:orders-0')).toEqual(endsOf(silent, 'A:orders-0'))
  })

  it('can be failed over all the same', () => {
    const faults = ['{at: 5s, region-loss: region us}', '{at: 70s, mirror-failover: {link: dr}}']
    const lost = runLinked({ stop: '10s', duration: '80s', config, faults })
    expect(told(lost, 'mirror').at(-1)).toBe('mirror B:orders: PENDING_STOPPED → STOPPED')
  })
})

describe('a cluster link while leaders move', () => {
  it('follows the source’s new leader, and raises its own epoch to the source’s', () => {
    const faults = ['{at: 5s, crash: "leader of A:orders-0", for: 15s}']
    const moved = runLinked({
      stop: '25s',
      duration: '40s',
      topic: 'min.insync.replicas: 2',
      faults,
    })
    expect(moved.fates).toMatchObject({ lost: 0, duplicated: 0 })
    expect(endsOf(moved, 'B:orders-0')).toEqual(endsOf(moved, 'A:orders-0'))
    expect(
      told(moved, 'partition').filter((text) => /^B:orders-0: epoch 0 → 1$/.test(text)),
    ).toHaveLength(1)
  })

  it('goes on from the mirror’s new leader without a gap or a copy', () => {
    const faults = ['{at: 5s, crash: "leader of B:orders-0", for: 15s}']
    const moved = runLinked({ stop: '25s', duration: '40s', faults })
    expect(moved.fates).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 })
    expect(endsOf(moved, 'B:orders-0')).toEqual(endsOf(moved, 'A:orders-0'))
    expect(moved.divergence).toMatchObject({ offsets: 0 })
  })
})

describe('a paused link', () => {
  it('stands still from the start where its file says so', () => {
    const config = { 'cluster.link.paused': true }
    const { partitions } = runLinked({ duration: '5s', stop: '4s', settle: '0s', config })
    const track = partitions.find(({ partition }) => partition === 'B:orders-0')?.tracks[0]
    expect(track?.logEnd.at(-1)).toBe(0)
  })

  it('moves nothing until it goes on, whatever state its mirrors are in', () => {
    const faults = ['{at: 5s, link-pause: {link: dr}, for: 10s}']
    const { partitions, fates } = runLinked({ stop: '20s', faults })
    const track = partitions.find(({ partition }) => partition === 'B:orders-0')?.tracks[0]
    const at = (second: number) => track?.logEnd[second * 10] ?? -1
    expect(at(14)).toBe(at(6))
    expect(at(18)).toBeGreaterThan(at(14))
    expect(fates.lost).toBe(0)
  })
})
