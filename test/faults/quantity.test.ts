import { describe, expect, it } from 'vitest'
import { parseNetem } from '../../src/faults/netem.ts'
import {
  parseBandwidth,
  parseDuration,
  parsePpm,
  parseRate,
  parseSize,
} from '../../src/faults/quantity.ts'

describe('quantities', () => {
  it.each([
    ['250ms', 250_000],
    ['14.2s', 14_200_000],
    ['2m', 120_000_000],
    ['1h', 3_600_000_000],
    ['1m30s', 90_000_000],
    ['0', 0],
    ['1.5us', 2],
    ['5', null],
    ['-5s', null],
    ['1e3s', null],
    ['31d', null],
    ['', null],
  ])('the duration %s is %s µs', (text, micros) => {
    expect(parseDuration(text)).toBe(micros)
  })

  it.each([
    ['1KiB', 1_024],
    ['500B', 500],
    ['10MB', 10_000_000],
    ['500', null],
    ['9999999TiB', null],
  ])('the size %s is %s bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it('rates, bandwidths and shares have units too', () => {
    expect([parseRate('5000/s'), parseRate('30/min'), parseRate('5')]).toEqual([5_000, 0.5, null])
    expect([
      parseBandwidth('100Mbit'),
      parseBandwidth('10MB/s'),
      parseBandwidth('1 Gbit/s'),
    ]).toEqual([100_000_000, 80_000_000, 1_000_000_000])
    expect([parsePpm('1%'), parsePpm('0.01%'), parsePpm('101%')]).toEqual([10_000, 100, null])
  })
})

describe('netem text', () => {
  it.each([
    ['delay 100ms', { delay: 100_000 }],
    ['netem delay 100ms 20ms 20% loss 1%', { delay: 80_000, jitter: 40_000, lossPpm: 10_000 }],
    ['loss random 5% 25% rate 10Mbit', { lossPpm: 50_000, bandwidthBps: 10_000_000 }],
    ['delay 10ms 30ms distribution normal', { delay: 0, jitter: 20_000 }],
    // tc(8): bps, kbps, mbps are bytes; ki is 1,024; a number alone is bits.
    ['rate 100kbps', { bandwidthBps: 800_000 }],
    ['rate 2Mbps', { bandwidthBps: 16_000_000 }],
    ['rate 1kibps', { bandwidthBps: 8_192 }],
    ['rate 5000', { bandwidthBps: 5_000 }],
    ['rate 12.5MB/s', { bandwidthBps: 100_000_000 }],
  ])('%s', (text, spec) => {
    expect(parseNetem(text)).toEqual(spec)
  })

  it.each(['delay', 'delay 5', 'loss many', 'reorder 5%', ''])(
    '"%s" is told what is wrong',
    (text) => {
      expect(parseNetem(text)).toMatch(/^netem: /)
    },
  )
})
