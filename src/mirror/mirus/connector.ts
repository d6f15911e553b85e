// Models: the source connector of Mirus, as a Connect worker is given it.
// Leaves out: several connectors in one worker, one a source cluster: a link is one.
// Source: com.salesforce.mirus.MirusSourceConnector.

import { ADMIN_DEFAULTS } from '../../kafka/clients/admin/admin-config.ts'
import { KafkaAdminClient } from '../../kafka/clients/admin/kafka-admin-client.ts'
import type { PartitionIndex } from '../../kafka/ids.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type { ConnectorContext, ConnectorDefinition } from '../connect/connector.ts'
import { assignedPartitions, type NamedPartition } from '../connect/deal-in-turn.ts'
import { runSourceTask, type SourceTaskClients } from '../connect/run-source-task.ts'
import type { SourceTaskConfig } from '../connect/worker-source-task.ts'
import { KafkaMonitor, type TopicLister } from './kafka-monitor.ts'
import { MirusSourceTask, type MirusTaskOptions } from './mirus-source-task.ts'

export type MirusOptions = Omit<
  MirusTaskOptions,
  'process' | 'network' | 'partitions' | 'committed'
> & {
  readonly clients: SourceTaskClients
  readonly timing: SourceTaskConfig
  /** It has begun to copy, or has found nothing to copy. */
  readonly onReady: () => void
}

/**
 * The connector with its monitor, a thread that compares topics and has tasks dealt anew. Shared by
 * all workers of the link and without state, as every definition.
 */
export function mirusConnector(options: MirusOptions): ConnectorDefinition {
  const { source, target, settings, timing, onReady } = options
  return {
    name: timing.connector,
    tasksMax: settings['tasks.max'],
    readsOffsets: true,
    start: (context, onStarted) => {
      const listers = { source: listerOf(source, context), target: listerOf(target, context) }
      const monitor = new KafkaMonitor(settings, listers, context, () => {
        onStarted()
        if (monitor.taskConfigs(1).length === 0) onReady()
      })
      return monitor
    },
    startTask: (config, context) => {
      // By names, as the monitor told them through the config topic: indices may have changed
      // since.
      const assigned = assignedPartitions(config)
      onReady()
      const { process, network, offsets } = context
      const task = {
        ...options,
        ...{ process, network, committed: offsets.read(timing.connector) },
        partitions: indicesOf(source, assigned),
      }
      return runSourceTask(options.clients, timing, context, (loop) => {
        return new MirusSourceTask(task, loop)
      })
    },
  }
}

function listerOf(
  { directory, bootstrapNodes }: ClusterPort,
  { process, network }: ConnectorContext,
): TopicLister {
  const config = ADMIN_DEFAULTS
  return new KafkaAdminClient(process, network, directory, { config, bootstrapNodes })
}

function indicesOf(
  { topics }: ClusterPort,
  partitions: readonly NamedPartition[],
): PartitionIndex[] {
  return partitions.flatMap(({ topic, number }) => topics.indexOf(topic, number) ?? [])
}
