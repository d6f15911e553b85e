// Bugs that somebody could write, put into a running cluster by replacing one method or field.

import type { PartitionRegistration } from '../../../src/kafka/controller/partition-registration.ts'
import type { NodeId } from '../../../src/kafka/ids.ts'
import type { RecordBatch } from '../../../src/kafka/messages.ts'
import type { PartitionChangeRecord } from '../../../src/kafka/metadata/records.ts'
import type { IsrState } from '../../../src/kafka/partition/isr-state.ts'
import type { QuorumLogEntry } from '../../../src/kafka/quorum-messages.ts'
import type { Broken, Bug } from './rig.ts'

const BROKERS = [1, 2, 3]

/** The active controller writes down something else of a partition; null writes nothing. */
export function controllerWrites(
  how: (
    record: PartitionChangeRecord,
    before: PartitionRegistration,
  ) => PartitionChangeRecord | null,
): Bug {
  return ({ controller }) => {
    const { state } = controller.control
    const change = state.change.bind(state)
    state.change = (partition, wish, isAcceptableLeader) => {
      const record = change(partition, wish, isAcceptableLeader)
      return record === null ? null : how(record, partition.registration)
    }
  }
}

/** One broker takes on metadata as something else, or does something before. */
export function brokerApplies(
  broker: NodeId,
  how: (registration: PartitionRegistration, cluster: Broken) => PartitionRegistration,
): Bug {
  return (cluster) => {
    const partition = cluster.partition(broker)
    const apply = partition.apply.bind(partition)
    partition.apply = (registration) => apply(how(registration, cluster))
  }
}

/** The log of a follower that is behind takes its leader’s high watermark as it comes. */
export function unclampedHighWatermark(follower: NodeId, leader: NodeId): Bug {
  return (cluster) => {
    const of = cluster.log(leader)
    Object.defineProperty(cluster.log(follower), 'highWatermark', { get: () => of.highWatermark })
  }
}

/** With each append the leader’s high watermark goes back by one. */
export function fallingHighWatermark(leader: NodeId): Bug {
  return (cluster) => {
    const log = cluster.log(leader)
    const append = log.appendAsLeader.bind(log)
    log.appendAsLeader = (batch, leaderEpoch) => {
      const appended = append(batch, leaderEpoch)
      log.updateHighWatermark(log.highWatermark - 1)
      return appended
    }
  }
}

/** A new leader takes its own lagging high watermark for the start of its epoch. */
export const epochStartsAtHighWatermark: Bug = (cluster) => {
  for (const broker of BROKERS) {
    const partition = cluster.partition(broker)
    let start = partition.leaderEpochStartOffset
    Object.defineProperty(partition, 'leaderEpochStartOffset', {
      get: () => start,
      set: (value: number | null) => {
        start = value === null ? null : Math.min(value, partition.log.highWatermark)
      },
    })
  }
}

/** A proposed member does not count before the controller has confirmed it (before KIP-497). */
export function proposedDoesNotCount(leader: NodeId): Bug {
  return (cluster) => {
    const partition = cluster.partition(leader)
    let state = partition.isrState
    Object.defineProperty(partition, 'isrState', {
      get: () => state,
      set: (next: IsrState) => {
        state = Object.assign(next, { maximal: next.isr })
      },
    })
  }
}

/** The leader counts what it sends to a follower as fetched already. */
export function sentIsFetched(leader: NodeId): Bug {
  return (cluster) => {
    for (const follower of cluster.partition(leader).followers) {
      const onFetch = follower.onFetch.bind(follower)
      follower.onFetch = (_offset, logStart, leaderEnd, now, epoch) =>
        onFetch(leaderEnd, logStart, leaderEnd, now, epoch)
    }
  }
}

/** When the high watermark moves at all it goes to the log’s end, whoever has fetched how far. */
export function highWatermarkAtLogEnd(leader: NodeId): Bug {
  return (cluster) => {
    const log = cluster.log(leader)
    const increment = log.maybeIncrementHighWatermark.bind(log)
    log.maybeIncrementHighWatermark = () => increment(log.logEndOffset)
  }
}

/** acks=all is answered as acks=1 is: with the append, and nobody waits. */
export function answersAtOnce(broker: NodeId): Bug {
  return (cluster) => {
    const { produces } = cluster.broker(broker)
    produces.purgatory.park = (statuses, _timeoutMs, reply) => produces.respond(statuses, reply)
  }
}

/** A follower writes something else than it was sent. */
export function followerGarbles(broker: NodeId): Bug {
  return (cluster) => {
    const log = cluster.log(broker)
    const append = log.appendAsFollower.bind(log)
    const garbled = (batch: RecordBatch) => ({ ...batch, firstRecordId: batch.firstRecordId + 1 })
    log.appendAsFollower = (batches) => append(batches.map(garbled))
  }
}

/** A leader never tells a follower that their logs have parted. */
export function tellsOfNoDivergence(leader: NodeId): Bug {
  return (cluster) => {
    const { epochs } = cluster.log(leader)
    epochs.endOffsetFor = (epoch, endOffset) => ({ epoch, endOffset })
  }
}

/** Consumers are given what is not committed yet. */
export function servesToLogEnd(broker: NodeId): Bug {
  return (cluster) => {
    const log = cluster.log(broker)
    const read = log.read.bind(log)
    log.read = (from, _limit, bytesMax, atLeastOne) =>
      read(from, log.logEndOffset, bytesMax, atLeastOne)
  }
}

/** A node writes other partition changes into its metadata log than the quorum’s leader sent. */
export function rewritesMetadata(node: NodeId): Bug {
  return (cluster) => {
    const { log } = cluster.node(node).quorumStore
    const append = log.appendEntries.bind(log)
    const rewritten = (entry: QuorumLogEntry): QuorumLogEntry =>
      entry.record.type === 'PartitionChange'
        ? { ...entry, record: { ...entry.record, isr: [node] } }
        : entry
    log.appendEntries = (entries) => append(entries.map(rewritten))
  }
}
