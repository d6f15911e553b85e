// Messages as one line each, made to be read in a diff. Records are letters, each with the leader
// epoch in which it was appended: a0 b0 c1.

import type {
  AlterPartitionRequest,
  FetchRequest,
  FetchResponse,
  RecordBatch,
  Request,
  Response,
} from '../../src/kafka/messages.ts'

export function recordsLine(batches: readonly RecordBatch[]): string {
  const names = batches.flatMap((batch) =>
    Array.from({ length: batch.count }, (_, i) => letterOf(batch.firstRecordId + i)).map(
      (letter) => `${letter}${batch.leaderEpoch}`,
    ),
  )
  return names.length === 0 ? '-' : names.join(' ')
}

/** Number of a record by its letter, and back: a is 0. */
export function letterOf(id: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + id)
}

export function idOf(letter: string): number {
  return letter.charCodeAt(0) - 'a'.charCodeAt(0)
}

/** null for what only keeps a fetcher going and says nothing new. */
export function messageLine(from: number, to: number, message: Request | Response): string | null {
  const what = contentOf(message)
  return what === null ? null : `${from} → ${to}  ${what}`
}

function contentOf(message: Request | Response): string | null {
  switch (message.api) {
    case 'Fetch':
      return 'replicaId' in message ? fetchLine(message) : fetchedLine(message)
    case 'OffsetsForLeaderEpoch': {
      const [entry] = message.partitions
      if (entry === undefined) return null
      if ('endOffset' in entry) {
        return `OffsetsForLeaderEpoch epoch ${entry.leaderEpoch} ends at ${entry.endOffset}`
      }
      return `OffsetsForLeaderEpoch where does epoch ${entry.leaderEpoch} end?`
    }
    default:
      return message.api
  }
}

function fetchLine({ partitions }: FetchRequest): string | null {
  const [entry] = partitions
  if (entry === undefined) return null
  const { fetchOffset, lastFetchedEpoch, currentLeaderEpoch } = entry
  const last = lastFetchedEpoch < 0 ? 'nothing' : `epoch ${lastFetchedEpoch}`
  return `Fetch from ${fetchOffset} in epoch ${currentLeaderEpoch}, last fetched ${last}`
}

function fetchedLine({ partitions }: FetchResponse): string | null {
  const [entry] = partitions
  if (entry === undefined) return null
  if (entry.error !== 'NONE') return `Fetched ${entry.error}`
  if (entry.diverging !== null) {
    const { epoch, endOffset } = entry.diverging
    return `Fetched diverging: epoch ${epoch} ends at ${endOffset}`
  }
  return `Fetched ${recordsLine(entry.batches)}, watermark ${entry.highWatermark}`
}

export function isrWishLine({ brokerId, partitions }: AlterPartitionRequest): string {
  const isr = partitions[0]?.newIsr.map(({ id }) => id).join(',') ?? ''
  return `${brokerId} → controller  AlterPartition to ISR ${isr}`
}
