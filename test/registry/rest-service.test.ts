import { describe, expect, it } from 'vitest'
import { RegistryRig, registration } from './registry-rig.ts'

describe('a client of a schema registry', () => {
  it('asks the first URL, and the next one where nobody listens there', () => {
    const rig = new RegistryRig()
    rig.process('nobody', () => {}).start()
    rig.started(['sr-1'])
    const { id, failure } = rig.ask(rig.rest(['nobody', 'sr-1']), registration('orders v1'))
    expect([id, failure]).toEqual([1, null])
  })

  it('stays with the URL that worked, and does not come back to the first', () => {
    const rig = new RegistryRig()
    const [first] = rig.started(['sr-1'])
    rig.started(['other-1'], { topic: '_other', group: 'other' })
    const rest = rig.rest(['sr-1', 'other-1'])
    rig.ask(rest, registration('orders v1'))
    first?.crash()
    rig.ask(rest, registration('returns v1'))
    first?.start()
    rig.run(30)
    // The other registry has given this id to its first schema.
    expect(rig.ask(rest, { kind: 'by-id', id: 1 }).text).toBe('returns v1')
  })

  it('is told within http.connect.timeout.ms of each URL that its host is gone', () => {
    const rig = new RegistryRig()
    const gone = ['a', 'b'].map((name) => rig.process(name, () => {}))
    for (const process of gone) process.start()
    for (const process of gone) process.host.powerLoss()
    const rest = rig.rest(['a', 'b'], { connectTimeoutMs: 5_000 })
    const asked = rig.now
    const { at, failure } = rig.ask(rest, registration('orders v1'))
    expect(failure).toEqual({ url: 'b', error: 'connect timed out' })
    expect(at - asked).toBeGreaterThanOrEqual(10)
    expect(at - asked).toBeLessThan(10.1)
  })

  it('tries max.retries times at one URL, with waits that double at most and are drawn', () => {
    const rig = new RegistryRig()
    rig.process('nobody', () => {}).start()
    const waits = [0, 1, 3].map((maxRetries) => {
      const asked = rig.now
      return rig.ask(rig.rest(['nobody'], { maxRetries }), registration('orders v1')).at - asked
    })
    const [none = 0, one = 0, three = 0] = waits
    expect(none).toBeLessThan(0.05)
    expect(one).toBeLessThan(none + 1 + 0.05)
    expect(one).toBeGreaterThan(none)
    // At most 1 s, 2 s and 4 s.
    expect(three).toBeLessThan(7.1)
    expect(three).toBeGreaterThan(one)
  })

  it('takes no for an answer: what is not found is not asked for again, nor elsewhere', () => {
    const rig = new RegistryRig()
    rig.started(['sr-1', 'sr-2'])
    const rest = rig.rest(['sr-1', 'sr-2'], { maxRetries: 3 })
    const asked = rig.now
    const { at, failure } = rig.ask(rest, { kind: 'by-id', id: 9 })
    expect(failure).toEqual({ url: 'sr-1', error: 'SCHEMA_NOT_FOUND' })
    expect(at - asked).toBeLessThan(0.2)
  })

  it('asks one question at a time', () => {
    const rig = new RegistryRig()
    rig.started(['sr-1'])
    const rest = rig.rest(['sr-1'])
    rest.request(registration('orders v1'), () => {})
    expect(() => rest.request(registration('orders v2'), () => {})).toThrow(/does nothing else/)
  })
})
