// Confluent Replicator: it creates the copies, marks records with where they come from if it is
// told to, and moves groups by timestamps.

import fc from 'fast-check'
import { filled, seldom, sometimes } from '../../plain.ts'
import { type AnyCarrier, copiesOf, processNames } from '../edge.ts'
import { flow, placed, workerConfig } from './mirror-maker2.ts'

const choices = fc.record({
  flow,
  hasProvenance: sometimes(fc.constant(true)),
  scatters: seldom(fc.constant(true)),
})

export const replicator: AnyCarrier = choices.map((of) => ({
  system: 'replicator',
  lay: (edge) => ({
    links: [
      {
        system: 'replicator' as const,
        ...placed(of.flow, edge),
        config: {
          'topic.whitelist': edge.topics.map(({ name }) => name).join(','),
          'tasks.max': of.flow.tasks,
          'topic.poll.interval.ms': of.flow.refreshSeconds * 1_000,
          'topic.create.backoff.ms': of.flow.refreshSeconds * 1_000,
          'dest.topic.replication.factor': Math.min(2, edge.to.brokers),
          'offset.translator.batch.period.ms': of.flow.checkpointSeconds * 1_000,
          'src.kafka.timestamps.topic.num.partitions': 2,
          'src.kafka.timestamps.topic.replication.factor': Math.min(3, edge.from.brokers),
          ...filled({
            // biome-ignore lint/suspicious/noTemplateCurlyInString: Replicator's own placeholder
            'topic.rename.format': edge.prefix === '' ? undefined : `${edge.prefix}${'${topic}'}`,
            'provenance.header.enable': of.hasProvenance,
            'topic.preserve.partitions': of.scatters === true ? false : undefined,
          }),
        },
        worker: { ...workerConfig(of.flow, edge) },
      },
    ],
    copies: [],
    standing: copiesOf(edge),
    processes: processNames('replicator', edge, of.flow.workers),
  }),
}))
