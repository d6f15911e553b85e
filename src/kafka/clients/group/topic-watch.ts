// Models: what the leader of a classic group sees of its topics in metadata, and that it changed.
// Leaves out: nothing.
// Source: ConsumerCoordinator (MetadataSnapshot, PartitionRackInfo, rejoinNeededOrPending);
// KIP-881, KAFKA-14867.

import type { ClientMetadata } from '../metadata.ts'

/** Only the leader watches: what it dealt is out of date when partitions or their racks change. */
export class TopicWatch {
  readonly #metadata: ClientMetadata
  readonly #seesRacks: boolean
  /** By topic, as it was when the leader dealt its partitions; null: this member follows. */
  #dealt: ReadonlyMap<string, string> | null = null
  /** The metadata that looked the same as then. */
  #sameAt = -1

  /** @param seesRacks whether the rack of a replica whose broker is gone counts as another one */
  constructor(metadata: ClientMetadata, seesRacks: boolean) {
    this.#metadata = metadata
    this.#seesRacks = seesRacks
  }

  /** The leader deals the partitions of these topics now. */
  begin(topics: readonly string[]): void {
    this.#dealt = new Map(topics.map((topic) => [topic, this.#picture(topic)]))
    this.#sameAt = this.#metadata.version
  }

  /** Somebody else leads. */
  end(): void {
    this.#dealt = null
  }

  get hasChanged(): boolean {
    const { version } = this.#metadata
    if (this.#dealt === null || version === this.#sameAt) return false
    for (const [topic, before] of this.#dealt) if (this.#picture(topic) !== before) return true
    this.#sameAt = version
    return false
  }

  /** Partitions, each with the racks of its replicas: of one without a broker nobody knows it. */
  #picture(topic: string): string {
    const partitions = this.#metadata.partitionsOf(topic)
    if (!this.#seesRacks) return `${partitions.length}`
    const racksOf = (index: number) => {
      const replicas = this.#metadata.partition(index)?.replicas ?? []
      const racks = replicas.map((id) => this.#metadata.racks.get(id) ?? '?')
      return [...new Set(racks)].sort().join()
    }
    return partitions.map(racksOf).join(';')
  }
}
