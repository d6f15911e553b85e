import { describe, expect, it } from 'vitest'
import { defaultSettings, resolveSettings } from '../../../src/kafka/settings/resolve.ts'

describe('the settings of Mirus', () => {
  it('have the defaults of its source', () => {
    expect(defaultSettings('mirus', '4.1')).toEqual({
      'commit.failure.restart.ms': 300_000,
      'destination.topic.name.prefix': '',
      'destination.topic.name.suffix': '',
      'enable.destination.topic.checking': true,
      'enable.partition.matching': false,
      'errors.tolerance': 'none',
      'monitor.poll.wait.ms': 60_000,
      'poll.timeout.ms': 1_000,
      'replay.policy': 'IGNORE',
      'replay.window.records': 50_000,
      'tasks.max': 1,
      'topics.regex': '',
      'topics.regex.list': '',
      'topics.whitelist': '',
    })
  })

  it('come on top of any Connect worker’s', () => {
    const worker = defaultSettings('mirusWorker', '4.1')
    expect(worker).toMatchObject(defaultSettings('connectWorker', '4.1'))
    expect(worker['mirus.task.monitor.polling.interval.ms']).toBe(120_000)
    expect(worker['mirus.task.auto.restart.enabled']).toBe(true)
  })

  it('are noted where the model does without, and refused where nobody knows them', () => {
    const base = defaultSettings('mirus', '4.1')
    const of = (name: string) => resolveSettings('mirus', { [name]: 'x' }, base)
    expect(of('source.key.converter').notes[0]?.message).toMatch(/not modelled/)
    expect(of('topic.whitelist').problems[0]?.fix).toMatch(/topics.whitelist/)
  })
})

describe('the settings of Replicator', () => {
  it('have the defaults that Confluent’s docs and its log give', () => {
    expect(defaultSettings('replicator', '4.1')).toMatchObject({
      'dest.topic.replication.factor': 0,
      'offset.start': 'connect',
      'offset.timestamps.commit': true,
      'offset.topic.commit': true,
      'offset.translator.batch.period.ms': 60_000,
      'provenance.header.enable': false,
      'src.kafka.timestamps.topic.num.partitions': 50,
      'topic.auto.create': true,
      'topic.config.sync': true,
      'topic.config.sync.interval.ms': 120_000,
      'topic.poll.interval.ms': 120_000,
      'topic.preserve.partitions': true,
      'topic.regex': null,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Replicator's own placeholder
      'topic.rename.format': '${topic}',
    })
  })
})

describe('the settings of uReplicator', () => {
  it('have the defaults of its own classes', () => {
    expect(defaultSettings('ureplicatorController', '4.1')).toEqual({
      'controller.auto.rebalance.delay.in.seconds': 120,
      'controller.auto.rebalance.workload.ratio.threshold': 1.2,
      'controller.enable.auto.topic.expansion': false,
      'controller.enable.src.kafka.validation': false,
      'controller.max.working.instances': 0,
      'zk.session.timeout': 30_000,
    })
    expect(defaultSettings('ureplicatorWorker', '4.1')).toEqual({
      abort_on_send_failure: true,
      'fetcher.manager.refresh.ms': 100,
      'num.consumer.fetchers': 3,
      'num.of.producers': 2,
      'offset.commit.interval.ms': 60_000,
      'poll.timeout.ms': 100,
      'queued.max.message.chunks': 5,
      'refresh.backoff.ms': 200,
      topic_partition_count_observer: false,
      'zk.session.timeout': 30_000,
    })
  })
})

describe('the settings of a Flink job', () => {
  it('have the defaults of Flink 2.0 and of its Kafka source', () => {
    expect(defaultSettings('flink', '4.1')).toEqual({
      'commit.offsets.on.checkpoint': true,
      'execution.checkpointing.interval': 0,
      'execution.checkpointing.timeout': 600_000,
      'execution.checkpointing.tolerable-failed-checkpoints': 0,
      'heartbeat.interval': 10_000,
      'heartbeat.rpc-failure-threshold': 2,
      'heartbeat.timeout': 50_000,
      'high-availability.type': 'NONE',
      'parallelism.default': 1,
      'partition.discovery.interval.ms': 300_000,
      'poll.timeout.ms': 10_000,
      'restart-strategy.exponential-delay.backoff-multiplier': 1.5,
      'restart-strategy.exponential-delay.initial-backoff': 1_000,
      'restart-strategy.exponential-delay.max-backoff': 60_000,
      'restart-strategy.fixed-delay.attempts': 1,
      'restart-strategy.fixed-delay.delay': 1_000,
      'restart-strategy.type': null,
      'taskmanager.numberOfTaskSlots': 1,
    })
  })
})
