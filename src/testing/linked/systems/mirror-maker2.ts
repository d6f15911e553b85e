// MirrorMaker 2 on workers of its own, with its default names or with those of the source.

import fc from 'fast-check'
import { choice, chosen, filledRecord, seldom, simplestOf, sometimes } from '../../plain.ts'
import { type AnyCarrier, copiesOf, type Edge, endsOf, processNames } from '../edge.ts'

const IDENTITY = 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy'

export const flow = fc.record({
  workers: simplestOf(2, fc.constant(1), fc.constant(2)),
  /** Beside the target, or wherever. */
  workerRegion: sometimes(choice),
  tasks: simplestOf(2, fc.constant(1), fc.integer({ min: 2, max: 4 })),
  offsetLagMax: sometimes(fc.constantFrom(0, 10, 1_000)),
  flushSeconds: sometimes(fc.constantFrom(60, 2)),
  refreshSeconds: fc.constantFrom(5, 10),
  checkpointSeconds: fc.constantFrom(2, 5),
  syncsGroups: simplestOf(1, fc.constant(true), fc.constant(false)),
  rebalanceDelayMs: sometimes(fc.constantFrom(0, 5_000)),
  pollMs: seldom(fc.constantFrom(100)),
  startSeconds: seldom(fc.integer({ min: 1, max: 10 })),
  isSyncsAtTarget: seldom(fc.constant(true)),
})
export type FlowChoices = typeof flow extends fc.Arbitrary<infer T> ? T : never

export const mirrorMaker2: AnyCarrier = flow.map((of) => ({
  system: 'mirror-maker2',
  lay: (edge) => ({
    links: [
      {
        system: 'mirror-maker2' as const,
        ...placed(of, edge),
        config: flowConfig(of, edge),
        worker: workerConfig(of, edge),
      },
    ],
    copies: [],
    standing: copiesOf(edge),
    processes: processNames('mm2', edge, of.workers),
  }),
}))

function startOf({ startSeconds }: Pick<FlowChoices, 'startSeconds'>): { start?: string } {
  return startSeconds === undefined ? {} : { start: `${startSeconds}s` }
}

/** Where a flow goes from and to, when it starts, and where its workers run. */
export function placed(
  of: Pick<FlowChoices, 'startSeconds' | 'workers' | 'workerRegion'>,
  edge: Edge,
) {
  return { ...endsOf(edge), ...startOf(of), workers: workersOf(of, edge) }
}

/** All workers in one region of the edge, the target's where none was chosen. */
export function workersOf(
  { workers, workerRegion }: Pick<FlowChoices, 'workers' | 'workerRegion'>,
  { regions }: Edge,
): Record<string, number> {
  return { [chosen(regions, workerRegion ?? 0)]: workers }
}

/** Properties of the flow; the default names are FROM.topic, which every prefix here is. */
export function flowConfig(of: FlowChoices, { from, to, prefix }: Edge) {
  const atTarget = Math.min(3, to.brokers)
  const syncs = Math.min(3, of.isSyncsAtTarget === true ? to.brokers : from.brokers)
  return filledRecord({
    'tasks.max': of.tasks,
    'replication.factor': Math.min(2, to.brokers),
    'checkpoints.topic.replication.factor': atTarget,
    // Each direction has heartbeats: the link back may be of the same process.
    'heartbeats.topic.replication.factor': Math.min(atTarget, from.brokers),
    'offset-syncs.topic.replication.factor': syncs,
    'offset-syncs.topic.location': of.isSyncsAtTarget === true ? 'target' : undefined,
    'offset.lag.max': of.offsetLagMax,
    'refresh.topics.interval.seconds': of.refreshSeconds,
    'refresh.groups.interval.seconds': of.refreshSeconds,
    'emit.checkpoints.interval.seconds': of.checkpointSeconds,
    'sync.group.offsets.enabled': of.syncsGroups,
    'sync.group.offsets.interval.seconds': of.checkpointSeconds,
    'consumer.poll.timeout.ms': of.pollMs,
    'replication.policy.class': prefix === '' ? IDENTITY : undefined,
  })
}

/** What every Connect cluster here is told. */
export function workerConfig(
  { flushSeconds, rebalanceDelayMs }: Pick<FlowChoices, 'flushSeconds' | 'rebalanceDelayMs'>,
  { from, to }: Edge,
) {
  const atBoth = Math.min(3, to.brokers, from.brokers)
  return filledRecord({
    'config.storage.replication.factor': atBoth,
    'offset.storage.replication.factor': atBoth,
    'offset.storage.partitions': 2,
    'offset.flush.interval.ms': (flushSeconds ?? 10) * 1_000,
    'scheduled.rebalance.max.delay.ms': rebalanceDelayMs,
  })
}
