import { describe, expect, it } from 'vitest'
import { brokerCompressionOf, packingOf } from '../../src/kafka/compression.ts'
import { PartitionLog } from '../../src/kafka/log/partition-log.ts'
import { payloadBytesOf, plainBytesOf, repacked } from '../../src/kafka/network/packed-size.ts'
import { slicesOf } from '../../src/mirror/source-slice.ts'
import { LOG_CONFIG, logOf, produced } from './log/batches.ts'

/** Ten records of 100 bytes, a fifth of that packed; 61 bytes are the batch's header. */
const RECORDS = { count: 10, payloadBytes: 1_000 }
const PLAIN = { ...RECORDS, bytes: 61 + 10 * 109, packing: packingOf('none', 0.2) }
const PACKED = { ...RECORDS, bytes: 61 + (10 * 109) / 5, packing: packingOf('lz4', 0.2) }

describe('the size of a batch', () => {
  it('is told from its records alike, packed or not', () => {
    expect([plainBytesOf(PLAIN), plainBytesOf(PACKED)]).toEqual([1_090, 1_090])
    expect([payloadBytesOf(PLAIN), payloadBytesOf(PACKED)]).toEqual([100, 100])
  })

  it('never has a ratio above 1', () => {
    expect(packingOf('lz4', 1)).toBeUndefined()
    expect(() => packingOf('lz4', 1.2)).toThrow('compression makes records smaller')
    expect(() => packingOf('lz4', 0)).toThrow('compression makes records smaller')
  })
})

describe('compression.type of a topic', () => {
  it('producer leaves a batch as it came', () => {
    expect(repacked(PACKED, 'producer')).toBe(PACKED)
    expect(repacked(PLAIN, 'producer')).toBe(PLAIN)
  })

  it('names what is written, whatever came; the same type is not packed anew', () => {
    expect(repacked(PLAIN, 'zstd')).toEqual({ bytes: 279, packing: { type: 'zstd', ratio: 0.2 } })
    expect(repacked(PACKED, 'uncompressed').bytes).toBe(PLAIN.bytes)
    expect(repacked(PACKED, 'lz4')).toBe(PACKED)
  })

  it('does nothing to records that nothing makes smaller', () => {
    const batch = { bytes: 1_141, packing: packingOf('none', 1) }
    expect(repacked(batch, 'zstd')).toBe(batch)
  })

  it('is the producer’s where a name is unknown', () => {
    expect(['gzip', 'none', ''].map(brokerCompressionOf)).toEqual(['gzip', 'producer', 'producer'])
  })

  it('is applied by leaders; followers keep the bytes of their leader', () => {
    const leader = new PartitionLog({ ...LOG_CONFIG, compressionType: 'zstd' })
    leader.appendAsLeader(produced(PLAIN), 0)
    const follower = new PartitionLog({ ...LOG_CONFIG, compressionType: 'uncompressed' })
    follower.appendAsFollower(leader.batches())
    expect([leader.sizeBytes, follower.sizeBytes]).toEqual([279, 279])
    expect(logOf([0]).sizeBytes).toBe(100)
  })
})

it('a replicator reads records unpacked, and knows how small they were', () => {
  const log = new PartitionLog(LOG_CONFIG)
  log.appendAsLeader(produced(PACKED), 0)
  const [slice] = slicesOf(0, log.batches(), 4, 6)
  expect(slice).toMatchObject({ from: 4, count: 2, payloadBytes: 100, compressionRatio: 0.2 })
})
