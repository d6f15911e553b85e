import { describe, expect, it } from 'vitest'
import { InvariantViolation } from '../../src/sim/invariant.ts'
import { tryText } from '../../src/testing/violation.ts'

const TEXT = `
duration: 1s
settle: 0s
regions: {eu: {}}
cluster: {brokers: {eu: 1}, controllers: {eu: 1}}
topics: [{name: orders, partitions: 1, replicationFactor: 1}]
`

function claimOf(message: string): string | undefined {
  const check = () => {
    throw new InvariantViolation(message, {})
  }
  return tryText(TEXT, [{ name: 'broken', says: 'it runs', check }]).violations[0]?.claim
}

describe('what stopped a run', () => {
  it('is named by its sentence alone, so that a smaller scenario can show the same', () => {
    expect(claimOf('a task is told its partitions')).toBe('bug: a task is told its partitions')
    expect(claimOf('nobody is ahead (offset 7)')).toBe('bug: nobody is ahead')
    expect(claimOf('nobody is ahead\nreplay: highwater run a.yaml')).toBe('bug: nobody is ahead')
  })

  it('is a text that nobody can read', () => {
    expect(tryText('regions: 7', []).violations[0]?.claim).toBe('valid')
  })
})
