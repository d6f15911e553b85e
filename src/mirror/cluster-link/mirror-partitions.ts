// Models: partitions that a source topic gets later: its mirror gets them too, when the link renews
// its metadata.
// Leaves out: where such a partition begins but at the link's own mirror.start.offset.spec.
// Source: Confluent's docs (mirror topics have the partitions of their source; metadata.max.age.ms
// "to proactively discover any new brokers or partitions").

import type { MirrorHost } from '../../kafka/broker/mirror-port.ts'
import type { MetadataResponse } from '../../kafka/messages.ts'
import { IGNORED } from '../../kafka/network/rpc.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import { MS } from '../../sim/time.ts'
import type { LinkConfig } from './link-config.ts'
import type { LinkJob } from './link-job.ts'
import { movingMirrors } from './moving-mirrors.ts'
import type { SourceClient } from './source-client.ts'

/** Makes a mirror grow with its source; one that stands still stays as it is. */
export class MirrorPartitions implements LinkJob {
  readonly #host: MirrorHost
  readonly #config: LinkConfig
  readonly #source: SourceClient
  readonly #timer: Timer

  constructor(context: ProcessContext, host: MirrorHost, config: LinkConfig, source: SourceClient) {
    this.#host = host
    this.#config = config
    this.#source = source
    this.#timer = context.timer(() => this.#look())
  }

  /** Looks when the metadata of the link is next due. */
  takeUp(): void {
    this.#timer.arm(this.#config.settings['metadata.max.age.ms'] * MS)
  }

  /** An answer under way is still acted on. */
  layDown(): void {
    this.#timer.cancel()
  }

  #look(): void {
    this.takeUp()
    const topics = movingMirrors(this.#host, this.#config.name).map(
      ({ sourceTopic }) => sourceTopic,
    )
    if (topics.length === 0) return
    const asked = this.#source.ask(
      { api: 'Metadata', topics },
      {
        onReply: (_, response) => {
          if (response?.api === 'Metadata') this.#compare(response)
          else this.#lookSoon()
        },
      },
    )
    if (asked === null) this.#lookSoon()
  }

  #lookSoon(): void {
    this.#timer.arm(this.#config.settings['retry.backoff.max.ms'] * MS)
  }

  #compare({ topics }: MetadataResponse): void {
    const grown = movingMirrors(this.#host, this.#config.name).flatMap(({ topic, sourceTopic }) => {
      const found = topics.find(({ name, error }) => name === sourceTopic && error === 'NONE')
      const partitions = found?.partitions.length ?? 0
      return partitions > this.#host.partitionsOf(topic).length ? [{ name: topic, partitions }] : []
    })
    if (grown.length === 0) return
    const request = { api: 'CreatePartitions' as const, topics: grown }
    this.#host.tellController({ api: 'Envelope', request }, IGNORED)
  }
}
