import { describe, expect, it } from 'vitest'
import { nearestName } from '../../../src/kafka/settings/nearest.ts'
import {
  defaultSettings,
  effectiveSettings,
  resolveSettings,
  topicDefaults,
} from '../../../src/kafka/settings/resolve.ts'
import { LONG_MAX } from '../../../src/sim/long-text.ts'

const broker = defaultSettings('broker', '4.1')

function problemOf(name: string, value: unknown): string {
  const { problems } = resolveSettings('broker', { [name]: value }, broker)
  return problems.map(({ message, fix }) => `${message}; ${fix}`).join()
}

describe('the settings in force', () => {
  it('are the defaults of the release, overridden by the user', () => {
    const { settings } = resolveSettings('broker', { 'replica.lag.time.max.ms': '10000' }, broker)
    expect(settings['replica.lag.time.max.ms']).toBe(10_000)
    expect(settings['broker.session.timeout.ms']).toBe(9_000)
  })

  it.each([
    ['3.9', 0, 'none'],
    ['4.0', 5, 'rebootstrap'],
  ])('of release %s: linger.ms %s, recovery %s', (version, linger, recovery) => {
    const settings = defaultSettings('producer', version)
    expect(settings['linger.ms']).toBe(linger)
    expect(settings['metadata.recovery.strategy']).toBe(recovery)
  })

  it('take 2^63 - 1 for never, and no other number that they could not keep exactly', () => {
    const name = 'log.flush.interval.messages'
    for (const never of [LONG_MAX, '9223372036854775807']) {
      expect(problemOf(name, never)).toBe('')
    }
    expect(problemOf(name, '9007199254740993')).toBe(
      'too large to be kept to its last digit; ' +
        'write at most 9007199254740991, or 9223372036854775807 for never',
    )
    expect(problemOf(name, 1e19)).toBe(
      'above Kafka’s maximum of 9223372036854775807; write at most 9223372036854775807',
    )
  })

  it('print as rows that tell defaults from choices', () => {
    const { settings } = resolveSettings('broker', { 'min.insync.replicas': 2 }, broker)
    const rows = effectiveSettings('broker', settings, '4.1').filter(({ isDefault }) => !isDefault)
    expect(rows).toEqual([{ name: 'min.insync.replicas', value: 2, unit: '', isDefault: false }])
  })

  it('of a topic come from the broker, retention from hours where ms is unset', () => {
    expect(topicDefaults(broker)['retention.ms']).toBe(604_800_000)
    const { settings } = resolveSettings(
      'broker',
      { 'log.retention.ms': 5, 'log.segment.bytes': 2_000_000 },
      broker,
    )
    expect(topicDefaults(settings)).toMatchObject({ 'retention.ms': 5, 'segment.bytes': 2_000_000 })
  })

  it('ignore with a note what Kafka knows and the model does not use', () => {
    const { problems, notes } = resolveSettings('broker', { 'num.io.threads': 16 }, broker)
    expect(problems).toEqual([])
    expect(notes).toEqual([
      { name: 'num.io.threads', message: 'num.io.threads is not modelled: no effect' },
    ])
  })
})

describe('a setting is refused', () => {
  it.each([
    ['min.insync.replica', 2, 'did you mean min.insync.replicas?'],
    ['min.insync.replicas', 0, 'below Kafka’s minimum of 1'],
    ['min.insync.replicas', 'two', 'expected an integer'],
    ['min.insync.replicas', 1.5, 'expected an integer'],
    ['min.insync.replicas', Number.NaN, 'expected an integer'],
    ['replica.lag.time.max.ms', '30s', 'expected an integer'],
    ['replica.fetch.max.bytes', 1e12, 'above Kafka’s maximum of 2147483647'],
    ['auto.leader.rebalance.enable', 'yes', 'expected true or false'],
    ['node.id', 3, 'write id: beside the broker'],
    ['__proto__x', 3, 'is no broker setting of Kafka'],
    ['constructor', 3, 'is no broker setting of Kafka'],
  ])('%s: %s', (name, value, message) => {
    expect(problemOf(name, value)).toContain(message)
  })
})

describe('a setting in the wrong place', () => {
  const fixOf = (name: string) => {
    const base = defaultSettings('mirrorMaker2', '4.1')
    return resolveSettings('mirrorMaker2', { [name]: 1 }, base).problems[0]?.fix
  }

  it('is sent where Kafka has it', () => {
    expect(fixOf('offset.flush.interval.ms')).toBe(
      'it is a setting of Kafka’s connectWorker: write it there',
    )
    expect(fixOf('linger.ms')).toContain('Kafka’s producer')
    expect(fixOf('producer.override.batch.size')).toBe(
      'write batch.size among the settings of the producer',
    )
  })

  it('is none where the worker reads it from the connector: that is known, without effect', () => {
    expect(fixOf('transaction.boundary')).toBeUndefined()
  })
})

describe('the nearest name', () => {
  it('is the one with the fewest edits, or none when all are far', () => {
    const names = ['linger.ms', 'batch.size', 'acks']
    expect(nearestName('linger.m', names)).toBe('linger.ms')
    expect(nearestName('ack', names)).toBe('acks')
    expect(nearestName('something.else', names)).toBeNull()
  })
})
