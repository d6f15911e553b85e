// What an operator sets on a copy of MirrorMaker 2's, and what the next sync leaves of it.

import { describe, expect, it } from 'vitest'
import { run } from '../../../src/lab/run.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { mirroredText } from './mirrored-regions.ts'

/** Settings of the copy after syncs a second apart; retention.ms is set on it at 3 s. */
function copyAfter(link: string, source = ''): Readonly<Record<string, string>> {
  const text = mirroredText({
    ...{ duration: '6s', settle: '1s', rtt: '20ms', source },
    topic: 'segment.bytes: 2097152',
    config: `sync.topic.configs.interval.seconds: 1, ${link}`,
    more: `
faults:
  - {at: 3s, alter-config: {topic: B:A.orders, set: {retention.ms: 3600000}}}
`,
  })
  const { clusters } = run(scenarioOf(text, 'defaults.yaml'), '1')
  const copy = clusters[1]?.topics.find(({ name }) => name === 'A.orders')
  return Object.fromEntries(copy?.configs ?? [])
}

describe('what is set on a copy', () => {
  it('goes with the next sync, where the source stands at Kafka’s default', () => {
    const configs = copyAfter('')
    expect(configs['segment.bytes']).toBe('2097152')
    expect(configs['retention.ms']).toBeUndefined()
  })

  it('becomes that default with use.defaults.from source', () => {
    expect(copyAfter('use.defaults.from: source')['retention.ms']).toBe('604800000')
  })

  it('stays where the file of the source’s brokers decides, and where it is never copied', () => {
    expect(copyAfter('', 'log.retention.hours: 24')['retention.ms']).toBe('3600000')
    const exclude = 'config.properties.exclude: retention.ms'
    expect(copyAfter(exclude)['retention.ms']).toBe('3600000')
  })

  it('stays where nothing is synced', () => {
    expect(copyAfter('sync.topic.configs.enabled: false')['retention.ms']).toBe('3600000')
  })
})
