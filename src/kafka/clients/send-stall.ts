// Models: nothing of Kafka's; who stands in send() for want of a partition that no metadata names,
// so that a run can say it where Kafka logs nothing before max.block.ms is over.
// Leaves out: waits for memory and for serializers, which end by themselves.
// Source: none (KafkaProducer.waitOnMetadata asks on, in silence).

import type { Micros } from '../../sim/time.ts'
import { SECOND } from '../../sim/time.ts'
import type { ClientMetadata } from './metadata.ts'

/** A topic that is being created, or a leader that is elected, takes less. */
const PATIENCE = 15 * SECOND

/** One a producer: it remembers what it has told. */
export class SendStall {
  readonly #metadata: ClientMetadata
  readonly #tell: (reason: string) => void
  readonly #told = new Set<string>()

  constructor(metadata: ClientMetadata, tell: (reason: string) => void) {
    this.#metadata = metadata
    this.#tell = tell
  }

  /** Looked at whenever metadata has not helped; `number` of a partition that the caller names. */
  look(topic: string, number: number | null, since: Micros, now: Micros): void {
    if (now - since < PATIENCE) return
    const known = this.#metadata.partitionsOf(topic).length
    const isMissing = known > 0 && number !== null
    const place = isMissing ? `${topic}-${number}` : topic
    if (this.#told.has(place)) return
    this.#told.add(place)
    const named = `the target lacks ${place} (partitions of ${topic} there: ${known})`
    this.#tell(isMissing ? named : `nothing is known of ${topic} at the target`)
  }
}
