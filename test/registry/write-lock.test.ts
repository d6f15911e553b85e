import { describe, expect, it } from 'vitest'
import { WriteLock } from '../../src/registry/write-lock.ts'

describe('the lock under which an instance writes', () => {
  it('is free at first, and goes to those that wait in their order', () => {
    const lock = new WriteLock()
    const turns: string[] = []
    const unlocks: (() => void)[] = []
    for (const name of ['a', 'b', 'c']) {
      lock.lock((unlock) => {
        turns.push(name)
        unlocks.push(unlock)
      })
    }
    expect(turns).toEqual(['a'])
    expect(lock.waiting).toBe(2)
    unlocks[0]?.()
    expect(turns).toEqual(['a', 'b'])
    unlocks[1]?.()
    unlocks[2]?.()
    expect(lock.waiting).toBe(0)
    lock.lock(() => turns.push('d'))
    expect(turns).toEqual(['a', 'b', 'c', 'd'])
  })

  it('is given back once', () => {
    const lock = new WriteLock()
    lock.lock((unlock) => {
      unlock()
      expect(unlock).toThrow(/given back once/)
    })
  })
})
