// Models: what a coordinator knows of topics when partitions are dealt: how many, in which racks.
// Leaves out: nothing.
// Source: group.modern.TopicMetadata, SubscribedTopicDescriberImpl.

import type { PartitionIndex } from '../ids.ts'
import type { MetadataImage } from '../metadata/metadata-image.ts'
import type { AssignablePartition, PartitionsPerTopic } from './assignors/assignor.ts'

/**
 * Asked by the coordinator when it computes a target; a classic group's leader asks for metadata.
 */
export interface AssignableTopics {
  /** Raised whenever a topic changes. */
  readonly version: number
  /** The topics that exist, with their partitions by number. */
  assignable(topics: ReadonlySet<string>): PartitionsPerTopic
  /** Whether a partition is of a topic that exists. */
  knows(partition: PartitionIndex): boolean
}

/** Topics as a broker's image has them. */
export class ImageTopics implements AssignableTopics {
  version = 0
  #image: MetadataImage | null = null

  /** A new image; `topicsChanged` where topics came, grew or went. */
  update(image: MetadataImage, topicsChanged: boolean): void {
    this.#image = image
    if (topicsChanged) this.version++
  }

  /** False before the first image, and from the image on in which its topic is deleted. */
  knows(partition: PartitionIndex): boolean {
    return this.#image?.partitions.has(partition) === true
  }

  /**
   * Topics that do not exist are left out; racks are those of all replicas, offline ones included.
   */
  assignable(topics: ReadonlySet<string>): PartitionsPerTopic {
    const known = new Map<string, readonly AssignablePartition[]>()
    const image = this.#image
    if (image === null) return known
    for (const name of topics) {
      const topic = image.topics.get(name)
      if (topic === undefined) continue
      known.set(
        name,
        topic.partitions.map((index) => ({ index, racks: racksOf(image, index) })),
      )
    }
    return known
  }
}

function racksOf(image: MetadataImage, index: number): string[] {
  const racks = new Set<string>()
  for (const replica of image.partitions.get(index)?.replicas ?? []) {
    // Offline replicas count: a broker that is away for a moment shall not make members change
    // places.
    const rack = image.brokers.get(replica)?.rack
    if (rack != null) racks.add(rack)
  }
  return [...racks]
}
