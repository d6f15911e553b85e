import { deliveriesOf } from '../../../check/deliveries.ts'
import { nameOf } from '../../../scenario/resolve/links/remote-topics.ts'
import {
  type Copied,
  copiedPartitions,
  copyOf,
  standingIn,
  survivorOf,
} from '../../linked/copies.ts'
import { soundCopies } from '../../linked/exposure.ts'
import { recordsIn } from '../../linked/internal-topics.ts'
import { isRising } from '../../linked/timestamps.ts'
import type { ObservedRun } from '../../observed-run.ts'
import type { Claim } from '../claim.ts'

/** A copy in the partition of its source's number: only there offsets can be translated. */
interface CopyPair extends Copied {
  readonly copy: number
}

/** Where a group would go on at a link's target, and which record it needs there. */
interface Translated {
  readonly group: string
  readonly pair: CopyPair
  /** The first offset at the source that the group has not had. */
  readonly upstream: number
  readonly downstream: number
  readonly from: string
}

/**
 * The promise of KAFKA-12468 and its successors: a group that goes on at the target may read again
 * what it has had, but skips nothing. Each checkpoint is put to it, and each committed offset.
 */
export const translationNotPastTruth: Claim = {
  name: 'translation-not-past-truth',
  says: 'a group that goes on at a link’s target from its offset there skips no record',
  check(run) {
    const pairs = soundCopies(run, copiedPartitions(run)).flatMap((one) => {
      return pairOf(one, run.history)
    })
    const translated = [...checkpointsOf(run, pairs), ...groupsAtTargets(run, pairs)]
    if (translated.length === 0) return null
    return translated.flatMap((one) => skipped(run, one)).slice(0, 3)
  },
}

/** Of links that promise it; a transform that routes a topic leaves translation behind. */
function pairOf(one: Copied, history: ObservedRun['history']): CopyPair[] {
  const { link, twin, source } = one
  const topic = history.partitions[source]?.topic ?? ''
  const isRouted = copyOf(link, topic) !== nameOf(link, topic)
  if (twin === null || isRouted || !isPromised(one, history)) return []
  return [{ ...one, copy: twin }]
}

function isPromised({ promises, source }: Copied, history: ObservedRun['history']): boolean {
  switch (promises.groups) {
    case 'never past the truth':
      return true
    case 'by timestamp':
      return isRising(history, source)
    case 'not promised':
    case 'not carried':
      return false
  }
}

/**
 * Every record from `upstream` on must stand at `downstream` or behind it, if it stands there at
 * all; of one that was copied twice the last place counts. What retention has taken is nobody's to
 * skip: a link that brings offsets to where the mirror begins passes it.
 */
function skipped({ history }: ObservedRun, one: Translated): string[] {
  const here = standingIn(history, one.pair.source)
  const there = standingIn(history, one.pair.copy)
  if (here === null || there === null) return []
  const start = survivorOf(history, one.pair.copy)?.logStart ?? 0
  const kept = there.filter(({ offset }) => offset >= start)
  const lastPlace = new Map(kept.map(({ offset, recordId }) => [recordId, offset]))
  const passed = here.find(({ offset, recordId }) => {
    return offset >= one.upstream && (lastPlace.get(recordId) ?? one.downstream) < one.downstream
  })
  if (passed === undefined) return []
  const where = history.partitionName(one.pair.copy)
  const place = lastPlace.get(passed.recordId)
  return [
    `${one.from} of ${one.group}: ${one.upstream} is ${one.downstream} of ${where}, where the ` +
      `record of ${passed.offset} stands at ${place}`,
  ]
}

// ---- what MirrorMaker 2 wrote down --------------------------------------------------------------

function checkpointsOf(run: ObservedRun, pairs: readonly CopyPair[]): Translated[] {
  return run.scenario.links.flatMap((link) => {
    if (link.system !== 'mirror-maker2' && link.system !== 'connect') return []
    return recordsIn(run, link.to, `${link.from}.checkpoints.internal`).flatMap((value) => {
      if (!isCheckpoint(value)) return []
      const { group, partition, upstream, downstream } = value
      const pair = pairs.find((one) => one.link === link && one.source === partition)
      return pair === undefined ? [] : [{ group, pair, upstream, downstream, from: 'a checkpoint' }]
    })
  })
}

interface CheckpointValue {
  readonly group: string
  readonly partition: number
  readonly upstream: number
  readonly downstream: number
}

function isCheckpoint(value: object): value is CheckpointValue {
  return 'group' in value && 'partition' in value && 'upstream' in value && 'downstream' in value
}

// ---- what groups would find ---------------------------------------------------------------------

/** Groups that nobody but a link has written to at its target. */
function groupsAtTargets(run: ObservedRun, pairs: readonly CopyPair[]): Translated[] {
  const { history, result } = run
  const hadBy = handedTo(run)
  return pairs.flatMap((pair) => {
    const { link } = pair
    const source = history.partitions[pair.source]
    const rows = result.clusters.find(({ name }) => name === link.to)?.groups ?? []
    return rows.flatMap(({ group, rows: offsets }) => {
      const row = offsets.find(({ topic, partition }) => {
        return topic === copyOf(link, source?.topic ?? '') && partition === source?.number
      })
      const isOwn = history.consumers.some((one) => one.group === group && one.cluster === link.to)
      const downstream = row?.currentOffset ?? null
      if (downstream === null || isOwn) return []
      const upstream = hadBy.get(`${group} ${pair.source}`)
      // At the source, too, it may only be known through a link.
      if (upstream === undefined) return []
      return [{ group, pair, upstream, downstream, from: 'the offset' }]
    })
  })
}

/** By group and partition: the offset after the last record that it was handed. */
function handedTo({ history }: ObservedRun): Map<string, number> {
  const { readers, rows, readerOf } = deliveriesOf(history)
  const ends = new Map<string, number>()
  for (const row of rows) {
    const { group, partition } = readers[readerOf[row] ?? 0] ?? { group: '', partition: 0 }
    const { baseOffset, count } = history.delivered.row(row)
    const key = `${group} ${partition}`
    ends.set(key, Math.max(ends.get(key) ?? 0, baseOffset + count))
  }
  return ends
}
