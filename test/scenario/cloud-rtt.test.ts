import { describe, expect, it } from 'vitest'
import { cloudRegions, cloudRtt, normaliseCloud } from '../../src/scenario/cloud-rtt.ts'

describe('measured round trips', () => {
  it('are the same in both directions and say where they come from', () => {
    const there = cloudRtt('aws:us-east-1', 'aws:eu-central-1')
    expect(there).toEqual(cloudRtt('aws:eu-central-1', 'aws:us-east-1'))
    expect(there?.source).toMatch(/^aws .*measured 2020/)
  })

  it('obey the speed of light: Virginia to Ireland and back takes 50 to 100 ms', () => {
    const rtt = cloudRtt('aws:us-east-1', 'aws:eu-west-1')?.rttMicros ?? 0
    expect(rtt).toBeGreaterThan(50_000)
    expect(rtt).toBeLessThan(100_000)
  })

  it('are never guessed: across clouds and for unmeasured regions there are none', () => {
    expect(cloudRtt('aws:us-east-1', 'gcp:us-east1')).toBeNull()
    expect(cloudRtt('aws:us-east-1', 'aws:eu-south-2')).toBeNull()
    expect(cloudRtt('nowhere', 'aws:us-east-1')).toBeNull()
  })

  it('are found under Azure’s display names too', () => {
    expect(normaliseCloud('azure:East US 2')).toBe('azure:eastus2')
    expect(cloudRegions()).toContain('azure:eastus2')
    expect(cloudRtt('azure:East US', 'azure:east us 2')?.rttMicros).toBe(11_000)
  })

  it('exist for three clouds', () => {
    const providers = new Set(cloudRegions().map((name) => name.split(':')[0]))
    expect([...providers]).toEqual(['aws', 'azure', 'gcp'])
  })
})
