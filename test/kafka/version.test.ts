import { describe, expect, it } from 'vitest'
import {
  compareVersions,
  GUARD_NAMES,
  GUARD_RULES,
  guardsFor,
  parseVersion,
} from '../../src/kafka/version.ts'

describe('a Kafka version', () => {
  it.each([
    ['3.6', '3.7', -1],
    ['3.10', '3.9', 1],
    ['4.1', '4.1.0', 0],
    ['4.1.1', '4.1', 1],
  ])('%s against %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign)
  })

  it('is refused before 2.0, after 4.3, and when it is none', () => {
    for (const text of ['1.1', '4.4', '5.0', '4', 'latest', '4.1-rc1', '']) {
      expect(parseVersion(text), text).toBeNull()
    }
    expect(parseVersion('4.3.1')).toEqual([4, 3, 1])
  })

  it.each([
    ['3.6', 'minIsrGatesHighWatermark', false],
    ['3.7', 'minIsrGatesHighWatermark', true],
    ['2.5', 'highWatermarkPush', true],
    ['2.6', 'highWatermarkPush', false],
    ['3.5', 'bumpLeaderEpochOnIsrShrink', true],
    ['3.6', 'bumpLeaderEpochOnIsrShrink', false],
    ['4.0', 'elr', false],
    ['4.1', 'elr', true],
    ['4.0', 'lastKnownLeaderMustBeActive', false],
    ['4.0', 'heartbeatRetriedEveryInterval', false],
    ['4.1', 'heartbeatRetriedEveryInterval', true],
  ] as const)('%s has the guard %s: %s', (version, guard, isOn) => {
    expect(guardsFor(version)[guard]).toBe(isOn)
  })

  it('lets a scenario switch any single guard, and no other', () => {
    for (const name of GUARD_NAMES) {
      const before = guardsFor('4.1')
      const after = guardsFor('4.1', { [name]: !before[name] })
      expect(GUARD_NAMES.filter((one) => after[one] !== before[one])).toEqual([name])
    }
  })

  it('has every guard on by default in 4.1, except what was removed', () => {
    const guards = guardsFor('4.1')
    const off = GUARD_NAMES.filter((name) => !guards[name])
    expect(off).toEqual(GUARD_NAMES.filter((name) => GUARD_RULES[name].until !== null))
  })
})
