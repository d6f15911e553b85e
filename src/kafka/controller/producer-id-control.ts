// Models: blocks of producer ids that the controller gives to brokers.
// Leaves out: nothing that the replication model needs.
// Source: KIP-730; org.apache.kafka.controller.ProducerIdControlManager.

import type { NodeId, ProducerId } from '../ids.ts'
import type { ProducerIdsRecord } from '../metadata/records.ts'
import { fits } from '../metadata/replay-fault.ts'

/** Ids in one block (ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE). */
export const PRODUCER_ID_BLOCK_SIZE = 1000

/**
 * No id is given twice: a block counts as used up when its record is replayed, whatever the broker
 * that got it makes of it.
 */
export class ProducerIdControl {
  #next: ProducerId = 0

  /** First id that has not been given away. */
  get nextProducerId(): ProducerId {
    return this.#next
  }

  /** The record that gives the next block to `brokerId`. */
  nextBlock(brokerId: NodeId): ProducerIdsRecord {
    return { type: 'ProducerIds', brokerId, nextProducerId: this.#next + PRODUCER_ID_BLOCK_SIZE }
  }

  /**
   * The next block begins where this record says.
   * @throws ReplayFault for a block that was given before: two producers would share an id
   */
  replay(record: ProducerIdsRecord): void {
    const { nextProducerId } = record
    fits(nextProducerId > this.#next, 'a block of ids is given once', { nextProducerId })
    this.#next = record.nextProducerId
  }
}
