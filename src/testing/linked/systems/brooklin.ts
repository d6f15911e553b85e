// Brooklin: a datastream whose tasks are one group, with or without flushes.

import fc from 'fast-check'
import { filled, seldom, sometimes } from '../../plain.ts'
import { type AnyCarrier, anyOf, asListed, copiesOf, listed, processNames } from '../edge.ts'
import { groupReader, readerConfig } from './mirror-maker1.ts'
import { placed } from './mirror-maker2.ts'

const choices = fc.record({
  reader: groupReader,
  isFlushless: sometimes(fc.constant(true)),
  pausesOnError: seldom(fc.constant(true)),
  /** Its producer gives a record up that cannot be delivered: Kafka's two minutes, or sooner. */
  deliveryMs: seldom(fc.constantFrom(10_000)),
})

export const brooklin: AnyCarrier = choices.map((of) => ({
  system: 'brooklin',
  lay: (edge) => {
    const { reader, deliveryMs } = of
    const copies = reader.isCreated ? listed(edge) : []
    const producer =
      deliveryMs === undefined
        ? undefined
        : { 'delivery.timeout.ms': deliveryMs, 'request.timeout.ms': 5_000 }
    return {
      links: [
        {
          system: 'brooklin' as const,
          ...placed(reader, edge),
          config: {
            topics: anyOf(edge.topics),
            tasks: reader.streams,
            commitIntervalMs: (reader.commitSeconds ?? 10) * 1_000,
            ...filled({
              destinationTopicPrefix: edge.prefix === '' ? undefined : edge.prefix,
              identityPartitioningEnabled:
                reader.isCreated && reader.keepsPartition ? true : undefined,
              isFlushlessModeEnabled: of.isFlushless,
              pausePartitionOnError: of.pausesOnError,
              pauseErrorPartitionDurationMs: of.pausesOnError === true ? 10_000 : undefined,
            }),
          },
          consumer: readerConfig(reader),
          ...(producer === undefined ? {} : { producer }),
        },
      ],
      copies,
      standing: reader.isCreated ? asListed(copies) : copiesOf(edge),
      processes: processNames('brooklin', edge, reader.workers),
    }
  },
}))
