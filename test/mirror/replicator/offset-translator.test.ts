import { describe, expect, it } from 'vitest'
import { TopicPartitions } from '../../../src/kafka/metadata/topic-partitions.ts'
import { defaultSettings } from '../../../src/kafka/settings/resolve.ts'
import {
  OffsetTranslator,
  type TranslatorOptions,
} from '../../../src/mirror/replicator/offset-translator.ts'
import { ConnectRig } from '../connect/connect-rig.ts'

/** A destination that has records up to a time, a millisecond each. */
class Destination {
  readonly rig = new ConnectRig('translator')
  readonly topics = new TopicPartitions()
  state: 'EMPTY' | 'DEAD' | 'STABLE' = 'EMPTY'
  until = 1_000
  /** Whether groups can be described. */
  answers = true
  readonly commits: string[] = []
  readonly asked: number[] = []
  translator: OffsetTranslator | null = null

  constructor(settings: Partial<TranslatorOptions['settings']> = {}) {
    this.topics.add('copy-orders', 2)
    this.rig
      .process('translator', (context) => {
        this.translator = new OffsetTranslator({
          ...{ context, admin: this.#admin(), target: this },
          settings: {
            ...defaultSettings('replicator', '4.1'),
            ...{ 'offset.translator.batch.period.ms': 10_000, ...settings },
          },
          destination: (topic) => (topic === 'orders' ? 'copy-orders' : null),
        })
      })
      .start(0)
    this.rig.run(1)
  }

  #admin(): TranslatorOptions['admin'] {
    return {
      describeConsumerGroups: (groups, done) => {
        const told = this.answers ? groups : []
        done(
          this.answers ? 'NONE' : 'REQUEST_TIMED_OUT',
          new Map(
            told.map((group) => {
              return [group, { group, error: 'NONE', state: this.state, members: [] }] as const
            }),
          ),
        )
      },
      listOffsets: (queries, done) =>
        done(
          'NONE',
          new Map(
            queries.map(({ partition, at }) => {
              const timestamp = typeof at === 'object' ? at.timestampMs : -1
              this.asked.push(timestamp)
              const offset = timestamp < this.until ? timestamp : -1
              return [partition, { offset, leaderEpoch: 0 }] as const
            }),
          ),
        ),
      alterConsumerGroupOffsets: (group, offsets, done) => {
        for (const { partition, offset } of offsets) {
          this.commits.push(`${group} ${this.topics.nameOf(partition)} ${offset}`)
        }
        done('NONE')
      },
      close: () => {},
    }
  }

  read(timestampMs: number, group = 'billing', topic = 'orders'): void {
    this.translator?.add({ group, topic, number: 1, timestampMs })
  }
}

describe('the translation of offsets', () => {
  it('takes the newest timestamp of each batch to the renamed topic', () => {
    const run = new Destination()
    run.read(100)
    run.read(200)
    run.read(300, 'other')
    run.rig.run(8)
    expect(run.commits).toEqual([])
    run.rig.run(2)
    expect(run.commits).toEqual(['billing copy-orders-1 200', 'other copy-orders-1 300'])
    run.rig.run(30)
    expect(run.commits).toHaveLength(2)
  })

  it('leaves groups with members there alone, and topics that are not copied', () => {
    const run = new Destination()
    run.state = 'STABLE'
    run.read(100)
    run.rig.run(11)
    run.state = 'DEAD'
    run.read(100, 'billing', 'paid')
    run.rig.run(10)
    expect(run.commits).toEqual([])
    run.read(100)
    run.rig.run(10)
    expect(run.commits).toEqual(['billing copy-orders-1 100'])
  })

  it('looks again for what has not been copied yet, until it expires', () => {
    const run = new Destination({ 'fetch.offset.expiry.ms': 25_000 })
    run.read(5_000)
    run.rig.run(15)
    expect(run.commits).toEqual([])
    run.until = 6_000
    run.rig.run(10)
    expect(run.commits).toEqual(['billing copy-orders-1 5000'])
    run.read(9_000)
    run.rig.run(100)
    expect(run.asked.filter((timestamp) => timestamp === 9_000)).toHaveLength(4)
  })
  it('keeps what it was told while the groups cannot be described, until it expires', () => {
    const run = new Destination({ 'fetch.offset.expiry.ms': 25_000 })
    run.answers = false
    run.read(100)
    run.rig.run(15)
    run.answers = true
    run.rig.run(10)
    expect(run.commits).toEqual(['billing copy-orders-1 100'])
    run.answers = false
    run.read(200)
    run.rig.run(40)
    run.answers = true
    run.rig.run(20)
    expect(run.commits).toHaveLength(1)
  })
})
