// The price of a month is that of undisturbed operation, whatever a run does to the design.

import { describe, expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

const SCENARIO = `
scenario: traffic
question: What does a month cost?
settle: 5s
regions: { east: { cloud: aws:us-east-1 }, west: { cloud: aws:eu-west-1 } }
cluster: { brokers: { east: 1, west: 1 }, controllers: { east: 1 } }
topics: [{ name: orders, assignment: [[1, 2]] }]
producers: [{ name: shop, region: east, topic: orders, rate: 100/s, recordBytes: 1KiB }]
`
const priced = (more: string) => run(scenarioOf(SCENARIO + more, 'traffic.yaml'), '1').traffic

describe('the price of a month between regions', () => {
  it('is that of the time before the first fault: an outage does not make a design cheap', () => {
    const lost = 'faults: [{ at: 4s, region-loss: region west, for: 10s }]\n'
    const disturbed = priced(`duration: 20s\n${lost}`)
    const upToTheFault = priced('duration: 4s\n')
    expect(disturbed.monthlyUsd).toBe(upToTheFault.monthlyUsd)
    // 100 records of 1 KiB a second over one link are 269 GB and $5.38; the rest is headers.
    expect(disturbed.monthlyUsd).toBeGreaterThan(5.3)
    expect(disturbed.monthlyUsd).toBeLessThan(8)
  })

  it('counts neither the boot nor the settling', () => {
    const short = priced('duration: 10s\n').monthlyUsd ?? 0
    const long = run(
      scenarioOf(`${SCENARIO.replace('settle: 5s', 'settle: 90s')}duration: 10s\n`, 'traffic.yaml'),
      '1',
    ).traffic
    expect(long.monthlyUsd).toBe(short)
    expect(long.crossRegionBytes).toBeGreaterThan(0)
  })

  it('is unknown where a region has no list price', () => {
    const scenario = SCENARIO.replace('{ cloud: aws:eu-west-1 }', '{}')
    const network = 'network: { rtt: { east ~ west: 50ms } }\nduration: 4s\n'
    expect(run(scenarioOf(scenario + network, 'traffic.yaml'), '1').traffic.monthlyUsd).toBeNull()
  })
})
