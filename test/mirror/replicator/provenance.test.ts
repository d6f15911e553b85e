import { describe, expect, it } from 'vitest'
import { Provenance } from '../../../src/mirror/replicator/provenance.ts'

const run = (firstRecordId: number, count: number) => {
  return { firstRecordId, count, createdFirst: 0, createdLast: 1_000 * (count - 1) }
}

describe('provenance headers', () => {
  it('stop what comes from the same cluster and topic, and nothing else', () => {
    const provenance = new Provenance()
    provenance.stamp({ cluster: 'A', topic: 't' }, [run(10, 5)])
    expect(provenance.allowed({ cluster: 'A', topic: 't' }, [run(10, 5)])).toEqual([])
    for (const place of [
      { cluster: 'B', topic: 't' },
      { cluster: 'A', topic: 'u' },
    ]) {
      expect(provenance.allowed(place, [run(10, 5)])).toEqual([{ skip: 0, range: run(10, 5) }])
    }
  })

  it('let pass what stands between, with its place and its times', () => {
    const provenance = new Provenance()
    provenance.stamp({ cluster: 'A', topic: 't' }, [run(3, 2)])
    const allowed = provenance.allowed({ cluster: 'A', topic: 't' }, [run(0, 4), run(4, 3)])
    expect(allowed).toEqual([
      { skip: 0, range: run(0, 3) },
      { skip: 5, range: { firstRecordId: 5, count: 2, createdFirst: 1_000, createdLast: 2_000 } },
    ])
  })
})
