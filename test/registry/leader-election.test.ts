import { describe, expect, it } from 'vitest'
import {
  electedOf,
  electedText,
  electLeader,
  identityOf,
  identityText,
  type RegistryIdentity,
} from '../../src/registry/leader-election.ts'

function member(url: string, more: Partial<RegistryIdentity> = {}): RegistryIdentity {
  return { url, isEligible: true, isLeader: false, ...more }
}

describe('the leader of a schema registry', () => {
  it('is the eligible member with the smallest URL', () => {
    expect(electLeader([member('sr-2'), member('sr-1')], false)).toBe('sr-1')
    const follower = member('sr-1', { isEligible: false })
    expect(electLeader([member('sr-2'), follower], false)).toBe('sr-2')
  })

  it('is nobody where nobody is eligible', () => {
    expect(electLeader([member('sr-1', { isEligible: false })], false)).toBeNull()
    expect(electLeader([], true)).toBeNull()
  })

  it('stays where it is only with leader.election.sticky', () => {
    const members = [member('sr-1'), member('sr-2', { isLeader: true })]
    expect(electLeader(members, true)).toBe('sr-2')
    expect(electLeader(members, false)).toBe('sr-1')
  })

  it('is chosen anew where several think that they lead, or one that may not', () => {
    const both = [member('sr-1', { isLeader: true }), member('sr-2', { isLeader: true })]
    expect(electLeader(both, true)).toBe('sr-1')
    const former = [member('sr-1', { isLeader: true, isEligible: false }), member('sr-2')]
    expect(electLeader(former, true)).toBe('sr-2')
  })

  it('is told through the group, and who tells nothing cannot lead', () => {
    expect(identityOf(identityText(member('sr-1')))).toEqual(member('sr-1'))
    expect(identityOf(undefined).isEligible).toBe(false)
    expect(electedOf(electedText('sr-1'))).toBe('sr-1')
    expect(electedOf(electedText(null))).toBeNull()
    expect(electedOf(undefined)).toBeNull()
  })
})
