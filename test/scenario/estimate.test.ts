import { describe, expect, it } from 'vitest'
import { estimateRun } from '../../src/scenario/estimate.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { withoutFaults } from '../../src/scenario/twin.ts'
import { movingText } from '../lab/clients/two-clusters.ts'
import { MINIMAL } from './minimal.ts'

const estimate = (text: string) => estimateRun(scenarioOf(text, 'x.yaml'))

describe('the estimate of a run', () => {
  it('counts the records of an open loop exactly', () => {
    expect(estimate(MINIMAL).records).toBe(6_000)
    expect(estimate(MINIMAL.replace('rate: 100/s', 'rate: 100/s, stop: 30s')).records).toBe(3_000)
    const ramp = 'rate: 100/s, ramp: [{ at: 10s, rate: 10/s }, { at: 50s, rate: 0/s }]'
    expect(estimate(MINIMAL.replace('rate: 100/s', ramp)).records).toBe(1_400)
  })

  it('grows with rate, duration and copies', () => {
    const base = estimate(MINIMAL).events
    expect(estimate(MINIMAL.replace('100/s', '1000/s')).events).toBeGreaterThan(base * 1.5)
    expect(estimate(`${MINIMAL}duration: 600s\n`).events).toBeGreaterThan(base * 3)
    expect(estimate(MINIMAL.replace('Factor: 3', 'Factor: 1')).events).toBeLessThan(base)
  })

  it('counts what links copy of what is sent to their source', () => {
    const text = (links: string) => movingText({ links })
    const what = 'system: mirror-maker1, from: A, to: B, workers: {eu: 1}'
    const link = (name: string) => `\n  - {name: ${name}, ${what}, options: {include: orders}}`
    const [none, one, two] = ['', `links:${link('x')}`, `links:${link('x')}${link('y')}`].map(
      (links) => estimate(text(links)),
    )
    expect(one?.records).toBe(none?.records)
    expect(one?.batches).toBe(2 * (none?.batches ?? 0))
    expect(two?.batches).toBe(3 * (none?.batches ?? 0))
    expect(one?.events).toBeGreaterThan(none?.events ?? Number.NaN)
    expect(two?.events).toBeGreaterThan(one?.events ?? Number.NaN)
  })

  it('needs fewer batches where records share them', () => {
    const small = MINIMAL.replace('100/s', '20000/s, recordBytes: 100B, config: { linger.ms: 5 }')
    const { records, batches } = estimate(small)
    expect(batches).toBeLessThan(records / 50)
  })
})

describe('the fault-free twin', () => {
  it('is the same scenario without faults and without expectations about them', () => {
    const text = `${MINIMAL}faults: [{ at: 5s, crash: broker-1 }]\nexpect: { verdict: missed }\n`
    const scenario = scenarioOf(text, 'x.yaml')
    const twin = withoutFaults(scenario)
    expect([twin.faults, twin.randomFaults, twin.expect]).toEqual([[], null, null])
    expect({ ...twin, name: 'x', faults: scenario.faults, expect: scenario.expect }).toEqual(
      scenario,
    )
  })
})
