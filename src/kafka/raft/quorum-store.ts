// Models: what a quorum node keeps on disk: the metadata log and the quorum-state file.
// Leaves out: meta.properties, snapshots, several log directories.
// Source: KIP-595; org.apache.kafka.raft.FileQuorumStateStore, KafkaRaftClient.flushLeaderLog.

import { invariant } from '../../sim/invariant.ts'
import type { Checked } from '../../sim/state-checks.ts'
import { type MetadataOffset, NO_NODE, type NodeId, type QuorumEpoch } from '../ids.ts'
import { QuorumLog } from './quorum-log.ts'

/** Content of the quorum-state file. */
export interface ElectionState {
  readonly epoch: QuorumEpoch
  readonly leaderId: NodeId
  /** Whom this voter gave its vote in `epoch`; -1 for nobody. */
  readonly votedFor: NodeId
}

const NEW_VOTER: ElectionState = { epoch: 0, leaderId: NO_NODE, votedFor: NO_NODE }

/**
 * Survives the process. Written is not durable: a power loss takes what no finished flush covers.
 * A follower flushes before it tells anybody. A leader counts its own log before it has flushed it
 * (updateLeaderEndOffsetAndTimestamp, then log.flush): what is committed may be lost with it, and
 * where it is the only voter, nobody else has it.
 */
export class QuorumStore implements Checked {
  log = new QuorumLog()
  election: ElectionState = NEW_VOTER
  /** Exclusive end of what is on the platter. */
  flushedOffset: MetadataOffset = 0
  /** Exclusive end of the log before the disk last lost something. */
  endOffsetBeforeLoss: MetadataOffset = 0
  #flushedElection: ElectionState = NEW_VOTER

  /** A process starts on this store: recovery flushes what the page cache still held. */
  open(): void {
    this.flushed(this.log.endOffset, this.election)
  }

  /** A flush has finished that had begun with the log ending at `endOffset`. */
  flushed(endOffset: MetadataOffset, election: ElectionState): void {
    // The log may have been cut while the disk was at work.
    this.flushedOffset = Math.min(endOffset, this.log.endOffset)
    this.#flushedElection = election
  }

  /** Cuts the log; what is cut was never committed. */
  truncateTo(offset: MetadataOffset): MetadataOffset {
    const end = this.log.truncateTo(offset)
    this.flushedOffset = Math.min(this.flushedOffset, end)
    return end
  }

  /**
   * The log is whole, its flushed part within it, and no record of a later epoch than the file's.
   * @throws InvariantViolation
   */
  assertWhole(): void {
    this.log.assertWhole()
    const { endOffset, lastEpoch } = this.log
    const { flushedOffset, election } = this
    invariant(flushedOffset <= endOffset, 'what is flushed was written', { flushedOffset })
    invariant(lastEpoch <= election.epoch, 'no record is of an epoch to come', { lastEpoch })
  }

  /** The machine lost power: back to what was flushed. */
  powerLoss(): void {
    this.endOffsetBeforeLoss = this.log.endOffset
    this.log.truncateTo(this.flushedOffset)
    this.election = this.#flushedElection
  }

  /** The disk is lost: the next process is an empty voter. */
  wipe(): void {
    this.endOffsetBeforeLoss = this.log.endOffset
    this.log = new QuorumLog()
    this.election = NEW_VOTER
    this.#flushedElection = NEW_VOTER
    this.flushedOffset = 0
  }
}
