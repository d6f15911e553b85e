// A router of Flink's: it carries the first topic of its edge, with checkpoints or without.

import fc from 'fast-check'
import { choice, chosen, seldom, simplestOf, sometimes } from '../../plain.ts'
import { type AnyCarrier, asListed, copiesOf, endsOf, listed, processNames } from '../edge.ts'
import { METADATA_MS } from './mirror-maker1.ts'
import { workersOf } from './mirror-maker2.ts'

const choices = fc.record({
  workers: simplestOf(1, fc.constant(1), fc.constant(2)),
  workerRegion: sometimes(choice),
  servicesRegion: choice,
  isSafe: simplestOf(2, fc.constant(true), fc.constant(false)),
  /** Flink makes no checkpoints where no interval is written. */
  intervalSeconds: simplestOf(4, fc.constantFrom(5, 10), fc.constant(undefined)),
  parallelism: fc.integer({ min: 1, max: 2 }),
  isHighlyAvailable: simplestOf(2, fc.constant(true), fc.constant(false)),
  tolerates: seldom(fc.constant(3)),
  heartbeatMs: sometimes(fc.constant(10_000)),
  isCreated: simplestOf(2, fc.constant(true), fc.constant(false)),
})

export const flink: AnyCarrier = choices.map((of) => ({
  system: 'flink',
  lay: (edge) => {
    const [topic, ...others] = edge.topics
    if (topic === undefined) return { links: [], copies: [], standing: [], processes: [] }
    const only = others.length === 0 ? edge : { ...edge, topics: [topic] }
    const copies = of.isCreated ? listed(only) : []
    const place = chosen(edge.regions, of.servicesRegion)
    const { heartbeatMs, intervalSeconds, tolerates } = of
    return {
      links: [
        {
          system: 'flink' as const,
          ...endsOf(edge),
          workers: workersOf(of, edge),
          ...{ jobManager: place, checkpoints: place },
          topic: topic.name,
          ...(edge.prefix === '' ? {} : { sinkTopic: `${edge.prefix}${topic.name}` }),
          deliveryGuarantee: of.isSafe ? ('at-least-once' as const) : ('none' as const),
          config: {
            'parallelism.default': Math.min(of.parallelism, of.workers),
            'high-availability.type': of.isHighlyAvailable ? 'KUBERNETES' : 'NONE',
            ...(intervalSeconds === undefined
              ? {}
              : { 'execution.checkpointing.interval': intervalSeconds * 1_000 }),
            ...(tolerates === undefined
              ? {}
              : { 'execution.checkpointing.tolerable-failed-checkpoints': tolerates }),
            ...(heartbeatMs === undefined
              ? {}
              : { 'heartbeat.timeout': heartbeatMs, 'heartbeat.interval': heartbeatMs / 5 }),
          },
          consumer: {
            'group.id': `router-${edge.from.name}-${edge.to.name}`,
            'metadata.max.age.ms': METADATA_MS,
          },
        },
      ],
      copies,
      standing: of.isCreated ? asListed(copies) : copiesOf(only),
      processes: [
        ...processNames('flink', edge, of.workers),
        ...['job-manager', 'checkpoints'].map((one) => {
          return `flink-${edge.from.name}-${edge.to.name}-${one}`
        }),
      ],
    }
  },
}))
