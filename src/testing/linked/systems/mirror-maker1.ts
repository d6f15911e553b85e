// The first MirrorMaker: processes in one group, with a message handler that renames or keeps
// partitions, or with none.

import fc from 'fast-check'
import { choice, filled, seldom, simplestOf, sometimes } from '../../plain.ts'
import { type AnyCarrier, anyOf, asListed, copiesOf, listed, processNames } from '../edge.ts'
import { placed } from './mirror-maker2.ts'

/** Consumers look for new topics so often. */
export const METADATA_MS = 10_000

/** What reading in a group has settings for. */
export const groupReader = fc.record({
  workers: simplestOf(2, fc.constant(1), fc.constant(2)),
  workerRegion: sometimes(choice),
  streams: simplestOf(2, fc.constant(1), fc.constant(2)),
  commitSeconds: sometimes(fc.constantFrom(60, 2)),
  sessionMs: sometimes(fc.constant(10_000)),
  /** Whether people create the copies, as many partitions as at the source. */
  isCreated: simplestOf(2, fc.constant(true), fc.constant(false)),
  keepsPartition: fc.boolean(),
  startSeconds: seldom(fc.integer({ min: 1, max: 10 })),
})
export type GroupReader = typeof groupReader extends fc.Arbitrary<infer T> ? T : never

const choices = fc.record({ reader: groupReader, skipsFailures: seldom(fc.constant(true)) })

export const mirrorMaker1: AnyCarrier = choices.map(({ reader, skipsFailures }) => ({
  system: 'mirror-maker1',
  lay: (edge) => {
    const copies = reader.isCreated ? listed(edge) : []
    const handler = filled({
      prefix: edge.prefix === '' ? undefined : edge.prefix,
      keepsPartition: reader.isCreated && reader.keepsPartition ? true : undefined,
    })
    return {
      links: [
        {
          system: 'mirror-maker1' as const,
          ...placed(reader, edge),
          options: {
            include: anyOf(edge.topics),
            'num.streams': reader.streams,
            'offset.commit.interval.ms': (reader.commitSeconds ?? 10) * 1_000,
            ...(skipsFailures === undefined ? {} : { 'abort.on.send.failure': false }),
          },
          ...(handler === undefined ? {} : { handler }),
          consumer: { 'auto.offset.reset': 'earliest', ...readerConfig(reader) },
        },
      ],
      copies,
      standing: reader.isCreated ? asListed(copies) : copiesOf(edge),
      processes: processNames('mm1', edge, reader.workers),
    }
  },
}))

/** Metadata is asked for more often than by default, so that topics of a short run are found. */
export function readerConfig({ sessionMs }: GroupReader): Record<string, number> {
  const session = sessionMs === undefined ? undefined : { 'session.timeout.ms': sessionMs }
  return { 'metadata.max.age.ms': METADATA_MS, ...session }
}
