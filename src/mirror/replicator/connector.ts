// Models: the source connector of Replicator, as a Connect worker is given it.
// Leaves out: Replicator as a program of its own, which is a worker with one connector.
// Source: io.confluent.connect.replicator.ReplicatorSourceConnector.

import { ADMIN_DEFAULTS } from '../../kafka/clients/admin/admin-config.ts'
import { KafkaAdminClient } from '../../kafka/clients/admin/kafka-admin-client.ts'
import type { RecordIds } from '../../kafka/internal-record-ids.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type { ConnectorDefinition, WorkerContext } from '../connect/connector.ts'
import { assignedPartitions } from '../connect/deal-in-turn.ts'
import { runSourceTask, type SourceTaskClients } from '../connect/run-source-task.ts'
import type { SourceTaskConfig } from '../connect/worker-source-task.ts'
import { TimestampsWriter } from './consumer-timestamps.ts'
import { OffsetTranslator } from './offset-translator.ts'
import {
  ReplicatorSourceTask,
  type ReplicatorTaskOptions,
  type TaskHelpers,
} from './replicator-source-task.ts'
import { TopicMonitor } from './topic-monitor.ts'

export type ReplicatorOptions = Omit<
  ReplicatorTaskOptions,
  'process' | 'network' | 'partitions' | 'committed'
> & {
  readonly clients: SourceTaskClients
  readonly timing: SourceTaskConfig
  readonly recordIds: RecordIds
  /** It has begun to copy. */
  readonly onReady: () => void
}

/**
 * The connector with its monitor; a task also translates offsets and leaves its own timestamps. Its
 * definition is shared by all workers of the group and holds no state: what runs is made in the
 * process of the worker that starts it.
 */
export function replicatorConnector(options: ReplicatorOptions): ConnectorDefinition {
  const { source, target, settings, topics, timing } = options
  return {
    name: timing.connector,
    tasksMax: settings['tasks.max'],
    readsOffsets: true,
    start: (context, onStarted) => {
      const admins = { source: adminOf(source, context), target: adminOf(target, context) }
      return new TopicMonitor({ settings, topics, ...admins }, context, onStarted)
    },
    startTask: (config, context) => {
      const assigned = assignedPartitions(config)
      options.onReady()
      const { process, network, offsets } = context
      // The monitor told names and numbers; what is gone since then is left out.
      const indices = assigned.flatMap(
        ({ topic, number }) => source.topics.indexOf(topic, number) ?? [],
      )
      const task = {
        ...options,
        ...{ process, network, committed: offsets.read(timing.connector), partitions: indices },
      }
      return runSourceTask(options.clients, timing, context, (loop) => {
        return new ReplicatorSourceTask(task, helpersOf(options, context), (records) => {
          loop.onPolled(records)
        })
      })
    },
  }
}

function helpersOf(options: ReplicatorOptions, context: WorkerContext): TaskHelpers {
  const { source, target, settings, topics, recordIds } = options
  const { process, network } = context
  // Groups read topics that are not copied, too: nothing is looked up for them.
  const destination = (topic: string) => (topics.accepts(topic) ? topics.destination(topic) : null)
  const translator = new OffsetTranslator({
    ...{ context: process, admin: adminOf(target, context), target, settings, destination },
  })
  const timestamps = settings['offset.timestamps.commit']
    ? new TimestampsWriter(process, network, source, recordIds)
    : null
  return { translator, timestamps }
}

function adminOf(
  { directory, bootstrapNodes }: ClusterPort,
  { process, network }: WorkerContext,
): KafkaAdminClient {
  const config = ADMIN_DEFAULTS
  return new KafkaAdminClient(process, network, directory, { config, bootstrapNodes })
}
