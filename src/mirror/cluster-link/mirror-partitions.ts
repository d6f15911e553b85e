// Models: partitions that a source topic gets later: its mirror gets them too.
// Leaves out: where such a partition begins but at the link's own mirror.start.offset.spec.
// Source: Confluent's docs (mirror topics have the partitions of their source); KIP-1279's
// implementation of 2026 (MirrorSourceSyncer.processSourceTopicState).

import type { MirrorHost } from '../../kafka/broker/mirror-port.ts'
import { IGNORED } from '../../kafka/network/rpc.ts'
import { movingMirrors } from './moving-mirrors.ts'
import type { SourceFollower, SourceTopics } from './source-look.ts'

/** Makes a mirror grow with its source; one that stands still stays as it is. */
export class MirrorPartitions implements SourceFollower {
  readonly #host: MirrorHost
  readonly #link: string

  constructor(host: MirrorHost, link: string) {
    this.#host = host
    this.#link = link
  }

  /** Compared with what this broker knows of its own cluster. */
  onTopics(topics: SourceTopics): void {
    const grown = movingMirrors(this.#host, this.#link).flatMap(({ topic, sourceTopic }) => {
      const found = topics.find(({ name, error }) => name === sourceTopic && error === 'NONE')
      const partitions = found?.partitions.length ?? 0
      return partitions > this.#host.partitionsOf(topic).length ? [{ name: topic, partitions }] : []
    })
    if (grown.length === 0) return
    const request = { api: 'CreatePartitions' as const, topics: grown }
    this.#host.tellController({ api: 'Envelope', request }, IGNORED)
  }
}
