import { describe, expect, it } from 'vitest'
import { usdPerGb } from '../../src/lab/prices.ts'

const at = (cloud: string | null, name = cloud ?? 'office') => ({ name, cloud, zones: ['a'] })

describe('the list price of a gigabyte', () => {
  it.each([
    ['between zones of AWS', at('aws:us-east-1'), at('aws:us-east-1'), 0.02],
    ['between regions of AWS', at('aws:us-east-1'), at('aws:eu-west-1'), 0.02],
    ['from AWS to another cloud', at('aws:us-east-1'), at('gcp:us-east1'), 0.09],
    ['from Google to another cloud', at('gcp:us-east1'), at('aws:us-east-1'), 0.12],
    ['from Azure to another cloud', at('azure:eastus'), at('aws:us-east-1'), 0.087],
  ])('%s is known', (_, from, to, price) => {
    expect(usdPerGb(from, to)).toBe(price)
  })

  it.each([
    ['from regions without a price', at('aws:ap-south-1'), at('aws:us-east-1')],
    ['between zones of a place of one’s own', at(null), at(null)],
    ['to a place of one’s own', at('aws:us-east-1'), at(null)],
    ['between regions of Google', at('gcp:us-east1'), at('gcp:us-west1')],
  ])('%s is not', (_, from, to) => {
    expect(usdPerGb(from, to)).toBeNull()
  })
})
