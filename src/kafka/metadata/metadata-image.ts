// Models: a broker's view of the cluster: every committed record that it has replayed.
// Leaves out: immutability (there is one image a broker, changed in place), quotas, features.
// Source: org.apache.kafka.image.MetadataImage, MetadataDelta and their parts.

import { invariant } from '../../sim/invariant.ts'
import { ascends, type Checked } from '../../sim/state-checks.ts'
import {
  type BrokerRegistration,
  brokerRegistrationOf,
  mergeBrokerChange,
} from '../controller/broker-registration.ts'
import {
  assertRegistrationWhole,
  mergeChange,
  type PartitionRegistration,
  registrationOf,
} from '../controller/partition-registration.ts'
import type { MetadataOffset, NodeId, PartitionIndex } from '../ids.ts'
import { Acls } from './acl-records.ts'
import { BrokerConfigs } from './broker-configs.ts'
import type { MetadataDelta } from './metadata-delta.ts'
import { Mirrors } from './mirror-records.ts'
import type { ConfigRecord, MetadataRecord, PartitionRecord } from './records.ts'
import { fits } from './replay-fault.ts'

export interface TopicImage {
  readonly name: string
  /** Ascending by number. */
  readonly partitions: readonly PartitionIndex[]
  /** Kafka's own setting names; only what was set for the topic itself. */
  readonly configs: Readonly<Record<string, string>>
}

/** As replay grows it. */
interface GrowingTopic extends TopicImage {
  readonly partitions: PartitionIndex[]
}

/**
 * Read it, never change it: only the loader replays records into it. One a broker process, from its
 * first record on. Kafka makes a new image of each batch and publishes that; here there is one that
 * grows, and a delta says what has changed. All that a broker answers about others comes from here,
 * however long it was cut off: no image tells how old it is.
 */
export class MetadataImage implements Checked {
  /** Offset of the last record replayed; -1 for none. */
  offset: MetadataOffset = -1
  /** Mirror topics of cluster links; none with Apache Kafka. */
  readonly mirrors = new Mirrors()
  readonly acls = new Acls()
  /** Changed at run time; those of a topic itself are its `configs`. */
  readonly brokerConfigs = new BrokerConfigs()
  readonly #brokers = new Map<NodeId, BrokerRegistration>()
  readonly #topics = new Map<string, GrowingTopic>()
  readonly #partitions = new Map<PartitionIndex, PartitionRegistration>()
  /** The partition 0 of each topic that has one: it stands for the topic’s id. */
  readonly #firstOf = new Map<string, PartitionIndex>()
  /** Of topics whose name another one bears, of another history of the log. */
  readonly #overshadowed = new Set<PartitionIndex>()

  /** All that are registered, fenced ones too. */
  get brokers(): ReadonlyMap<NodeId, BrokerRegistration> {
    return this.#brokers
  }

  get topics(): ReadonlyMap<string, TopicImage> {
    return this.#topics
  }

  get partitions(): ReadonlyMap<PartitionIndex, PartitionRegistration> {
    return this.#partitions
  }

  /**
   * Partitions of topics that another one of their name has taken the place of. A whole quorum
   * never creates a topic twice; controllers that have lost their disks do, and a broker that reads
   * on in their log knows both.
   */
  get overshadowed(): ReadonlySet<PartitionIndex> {
    return this.#overshadowed
  }

  /** Registered and not fenced. */
  isAlive(broker: NodeId): boolean {
    return this.#brokers.get(broker)?.fenced === false
  }

  /** Replays the record at `offset` and notes in `delta` what it touched. */
  replay(record: MetadataRecord, offset: MetadataOffset, delta: MetadataDelta): void {
    this.offset = offset
    switch (record.type) {
      case 'RegisterBroker':
        this.#brokers.set(record.brokerId, brokerRegistrationOf(record))
        delta.touchBroker(record.brokerId)
        return
      case 'UnregisterBroker':
        this.#brokers.delete(record.brokerId)
        delta.touchBroker(record.brokerId)
        return
      case 'BrokerRegistrationChange': {
        const before = this.#brokers.get(record.brokerId)
        const isKnown = before !== undefined && before.epoch === record.brokerEpoch
        fits(isKnown, 'a changed broker is registered', { ...record })
        this.#brokers.set(record.brokerId, mergeBrokerChange(before, record))
        delta.touchBroker(record.brokerId)
        return
      }
      case 'Topic':
        // Before the first partition: the name belongs to the new topic from now on.
        this.#overshadow(record.name)
        this.#topics.set(record.name, {
          name: record.name,
          partitions: [],
          configs: { ...record.configs },
        })
        delta.touchTopic(record.name)
        return
      case 'RemoveTopic':
        this.#removeTopic(record.topic, delta)
        return
      case 'Partition':
        this.#replayPartition(record)
        delta.touchPartition(record.partition)
        return
      case 'PartitionChange': {
        const before = this.#partitions.get(record.partition)
        fits(before !== undefined, 'a changed partition exists', { ...record })
        this.#partitions.set(record.partition, mergeChange(before, record))
        delta.touchPartition(record.partition)
        return
      }
      case 'Config':
        this.#replayConfig(record, delta)
        return
      case 'MirrorTopic':
      case 'MirrorPartition':
        this.mirrors.replay(record)
        delta.touchTopic(record.topic)
        return
      case 'ClusterLink':
        this.mirrors.replay(record)
        delta.touchLink(record.link)
        for (const { topic, link } of this.mirrors.topics.values()) {
          if (link === record.link) delta.touchTopic(topic)
        }
        return
      case 'AccessControlEntry':
      case 'RemoveAccessControlEntry':
        // Nobody waits for it: lists are read when somebody asks.
        this.acls.replay(record)
        return
      case 'ProducerIds':
      case 'NoOp':
      case 'LeaderChange':
        return
    }
  }

  /**
   * Topics and partitions name one another, and each registration is whole.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    let listed = 0
    for (const { name, partitions } of this.#topics.values()) {
      ascends(partitions, 'the partitions of a topic are in their order')
      const has = partitions.every((index) => this.#partitions.has(index))
      invariant(has, 'a topic’s partitions are known', { topic: name })
      listed += partitions.length
    }
    const known = listed + this.#overshadowed.size
    invariant(known === this.#partitions.size, 'every partition is of a topic', { listed })
    for (const registration of this.#partitions.values()) assertRegistrationWhole(registration)
  }

  /** A topic of this name comes, whatever there was. */
  #overshadow(topic: string): void {
    for (const index of this.#topics.get(topic)?.partitions ?? []) this.#overshadowed.add(index)
    this.#firstOf.delete(topic)
  }

  #removeTopic(topic: string, delta: MetadataDelta): void {
    for (const index of this.#topics.get(topic)?.partitions ?? []) {
      this.#partitions.delete(index)
      delta.touchPartition(index)
    }
    this.#topics.delete(topic)
    this.#firstOf.delete(topic)
    this.mirrors.remove(topic)
    delta.touchTopic(topic)
  }

  #replayPartition(record: PartitionRecord): void {
    const topic = this.#topics.get(record.topic)
    const first = this.#firstOf.get(record.topic) ?? record.first
    fits(topic !== undefined && record.first === first, 'a partition comes after its topic', {
      topic: record.topic,
    })
    this.#firstOf.set(record.topic, first)
    this.#partitions.set(record.partition, registrationOf(record))
    // In place: a copy for each record would make a topic cost the square of its partitions.
    const { partitions } = topic
    let at = partitions.length
    while (at > 0 && partitions[at - 1] > record.partition) at--
    partitions.splice(at, 0, record.partition)
  }

  #replayConfig(record: ConfigRecord, delta: MetadataDelta): void {
    const { resource, name: key, value } = record
    if (resource.type === 'broker') {
      this.brokerConfigs.replay(record)
      delta.touchBrokerConfigs()
      return
    }
    delta.touchTopic(resource.name)
    const topic = this.#topics.get(resource.name)
    if (topic === undefined) return
    // A new object: partitions keep the settings that they were given until the delta is applied.
    const { [key]: _, ...others } = topic.configs
    this.#topics.set(resource.name, {
      ...topic,
      configs: value === null ? others : { ...others, [key]: value },
    })
  }
}
