// Models: Metadata requests, answered from the broker's own image, however old it is.
// Leaves out: cluster id, authorised operations.
// Source: KRaftMetadataCache (getTopicMetadata, getRandomAliveBrokerId).

import type { Random } from '../../sim/random.ts'
import { NO_EPOCH, NO_NODE, type PartitionIndex } from '../ids.ts'
import type { MetadataRequest, MetadataResponse, PartitionMetadata } from '../messages.ts'
import type { MetadataImage } from '../metadata/metadata-image.ts'
import type { TopicNames } from './replica-manager.ts'

type TopicAnswer = MetadataResponse['topics'][number]

/** A broker without an image yet knows no brokers and no topics. */
export function handleMetadata(
  image: MetadataImage | null,
  names: TopicNames,
  request: MetadataRequest,
  random: Random,
): MetadataResponse {
  if (image === null) return { api: 'Metadata', controllerId: NO_NODE, brokers: [], topics: [] }
  // A fenced broker is none that a client could go to (getAliveBrokerNodes).
  const brokers = []
  for (const { id, rack, fenced } of image.brokers.values()) if (!fenced) brokers.push({ id, rack })
  // No list asks for all topics, as a consumer does that subscribes to a pattern.
  const topics = request.topics ?? [...image.topics.keys()]
  return {
    api: 'Metadata',
    // Any broker hands on what is for the controller, so any may pass for it (KIP-590).
    controllerId: brokers[random.int(0, Math.max(0, brokers.length - 1))]?.id ?? NO_NODE,
    brokers,
    topics: topics.map((name) => topicAnswer(image, names, name)),
  }
}

function topicAnswer(image: MetadataImage, names: TopicNames, name: string): TopicAnswer {
  const topic = image.topics.get(name)
  if (topic === undefined) return { name, error: 'UNKNOWN_TOPIC_OR_PARTITION', partitions: [] }
  const partitions = topic.partitions.map((index) => partitionAnswer(image, names, index))
  return { name, error: 'NONE', partitions }
}

/** No leader, or one whose broker is not registered: the client asks again. */
function partitionAnswer(
  image: MetadataImage,
  names: TopicNames,
  index: PartitionIndex,
): PartitionMetadata {
  const known = image.partitions.get(index)
  // A leader that is registered but fenced is named: it may be up, and only cut off.
  const leader = known !== undefined && image.brokers.has(known.leader) ? known.leader : NO_NODE
  const replicas = known?.replicas ?? []
  return {
    partition: index,
    number: names.numberOf(index),
    error: leader === NO_NODE ? 'LEADER_NOT_AVAILABLE' : 'NONE',
    leader,
    leaderEpoch: known?.leaderEpoch ?? NO_EPOCH,
    replicas,
    isr: known?.isr ?? [],
    // Clients do not use them; tools show them, as kafka-topics --describe does.
    offline: replicas.filter((id) => image.brokers.get(id)?.fenced !== false),
  }
}
