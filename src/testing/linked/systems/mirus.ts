// Mirus: it creates no topics, and scatters records unless it is told to keep partitions.

import fc from 'fast-check'
import { filled, simplestOf, sometimes } from '../../plain.ts'
import { type AnyCarrier, asListed, listed, processNames } from '../edge.ts'
import { flow, placed, workerConfig } from './mirror-maker2.ts'

const choices = fc.record({
  flow,
  keepsPartition: simplestOf(1, fc.constant(true), fc.constant(false)),
  filtersReplays: sometimes(fc.constant(true)),
  monitorSeconds: fc.constantFrom(5, 60),
})

export const mirus: AnyCarrier = choices.map((of) => ({
  system: 'mirus',
  lay: (edge) => {
    const copies = listed(edge)
    return {
      links: [
        {
          system: 'mirus' as const,
          ...placed(of.flow, edge),
          config: {
            'topics.whitelist': edge.topics.map(({ name }) => name).join(','),
            'tasks.max': of.flow.tasks,
            'monitor.poll.wait.ms': of.monitorSeconds * 1_000,
            'enable.partition.matching': of.keepsPartition,
            ...filled({
              'destination.topic.name.prefix': edge.prefix === '' ? undefined : edge.prefix,
              // It would look for the name without its prefix.
              'enable.destination.topic.checking': edge.prefix === '' ? undefined : false,
              'replay.policy': of.filtersReplays === true ? ('FILTER' as const) : undefined,
            }),
          },
          worker: { ...workerConfig(of.flow, edge) },
        },
      ],
      copies,
      standing: asListed(copies),
      processes: processNames('mirus', edge, of.flow.workers),
    }
  },
}))
