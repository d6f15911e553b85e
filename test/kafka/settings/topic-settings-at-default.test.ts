import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../../../src/kafka/settings/resolve.ts'
import { topicSettingsAtDefault } from '../../../src/kafka/settings/topic-settings-at-default.ts'

const BROKER = defaultSettings('broker', '4.1')

describe('settings of topics at Kafka’s own default', () => {
  it('are all that have one, in a cluster whose brokers say nothing', () => {
    const found = topicSettingsAtDefault(BROKER)
    expect(found).toMatchObject({ 'retention.ms': '604800000', 'max.message.bytes': '1048588' })
    expect(found['flush.ms']).toBe('9223372036854775807')
    expect(Object.keys(found).length).toBeGreaterThan(25)
    // It has no default: nothing could be set to it.
    expect(Object.keys(found)).not.toContain('internal.segment.bytes')
  })

  it('are none of those that the brokers’ own file decides, by whatever name', () => {
    const names = (changed: Partial<typeof BROKER>) =>
      Object.keys(topicSettingsAtDefault({ ...BROKER, ...changed }))
    expect(names({ 'log.segment.bytes': 1_048_576 })).not.toContain('segment.bytes')
    expect(names({ 'log.retention.hours': 24 })).not.toContain('retention.ms')
    expect(names({ 'log.retention.ms': 1_000 })).not.toContain('retention.ms')
    expect(names({ 'log.retention.ms': 1_000 })).toContain('segment.bytes')
  })
})
