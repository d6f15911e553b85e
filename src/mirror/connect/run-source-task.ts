// Models: how a worker starts a source task: its loop, and the producer that Connect gives it.
// Leaves out: topic creation by the worker (topic.creation.enable), which needs rules of its own.
// Source: org.apache.kafka.connect.runtime.Worker.startTask, baseProducerConfigs.

import { KafkaProducer } from '../../kafka/clients/kafka-producer.ts'
import type { ProducerConfig } from '../../kafka/clients/producer-config.ts'
import type { ChannelOptions } from '../../kafka/network/channel-options.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type { TaskContext } from './connector.ts'
import type { RunningTask } from './source-offsets.ts'
import { type SourceTask, type SourceTaskConfig, WorkerSourceTask } from './worker-source-task.ts'

export interface SourceTaskClients {
  readonly target: ClusterPort
  readonly producer: ProducerConfig
  readonly channel: Partial<ChannelOptions>
}

/**
 * A task in its loop; `taskOf` builds what the connector has of it. Each task has a producer of its
 * own, so that tasks.max also says how many of them write to the target at once. Called by a
 * connector's definition, in the process of the worker that runs the task.
 */
export function runSourceTask(
  { target, producer, channel }: SourceTaskClients,
  config: SourceTaskConfig,
  { process, network, offsets, committer }: TaskContext,
  taskOf: (loop: WorkerSourceTask) => SourceTask,
): RunningTask {
  const loop = new WorkerSourceTask(process, config, offsets, committer)
  const client = new KafkaProducer(process, network, target.directory, {
    config: producer,
    topics: [],
    bootstrapNodes: target.bootstrapNodes,
    channel,
    owner: loop,
    observer: { onBatchDone: () => {} },
  })
  loop.start(taskOf(loop), client)
  return loop
}
