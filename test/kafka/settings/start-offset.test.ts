import { describe, expect, it } from 'vitest'
import { startOffsetOf } from '../../../src/kafka/settings/start-offset.ts'

describe('mirror.start.offset.spec', () => {
  it.each(['earliest', 'latest'])('%s is a place', (text) => {
    expect(startOffsetOf(text)).toBe(text)
  })

  it.each([
    '1970-01-01T00:00:00Z',
    '1970-01-01T00:00:30.5Z',
    '1999-12-31T23:59Z',
    '2000-02-29T12:00:00Z',
    '2026-11-22T00:46:21.007Z',
  ])('%s is a time as the calendar has it', (text) => {
    expect(startOffsetOf(text)).toEqual({ timestampMs: Date.parse(text) })
  })

  it.each(['', 'end', '5s', '2026-13-01T00:00:00Z', '2026-01-01', '2026-01-01T25:00:00Z'])(
    '"%s" is neither',
    (text) => {
      expect(startOffsetOf(text)).toBeNull()
    },
  )
})
