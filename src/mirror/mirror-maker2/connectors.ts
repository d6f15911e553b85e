// Models: the three connectors of a flow, as a Connect worker is given them.
// Leaves out: a flow's connectors that are switched off one by one with `enabled`.
// Source: org.apache.kafka.connect.mirror.MirrorMaker (configureConnector), MirrorMakerConfig.

import type { ProducerConfig } from '../../kafka/clients/producer-config.ts'
import type { PartitionIndex } from '../../kafka/ids.ts'
import type { ChannelOptions } from '../../kafka/network/channel-options.ts'
import { invariant } from '../../sim/invariant.ts'
import { isListOf } from '../../sim/plain-data.ts'
import type { ClusterPort } from '../cluster-port.ts'
import type {
  ConnectorContext,
  ConnectorDefinition,
  TaskContext,
  WorkerContext,
} from '../connect/connector.ts'
import { assignedPartitions, type NamedPartition } from '../connect/deal-in-turn.ts'
import { runSourceTask } from '../connect/run-source-task.ts'
import type { RunningTask } from '../connect/source-offsets.ts'
import type {
  SourceTask,
  SourceTaskConfig,
  WorkerSourceTask,
} from '../connect/worker-source-task.ts'
import type { Flow } from './flow.ts'
import type { MirrorAdmin } from './mirror-admin.ts'
import { MirrorCheckpointConnector } from './mirror-checkpoint-connector.ts'
import { type CheckpointTopics, MirrorCheckpointTask } from './mirror-checkpoint-task.ts'
import { MirrorHeartbeatConnector } from './mirror-heartbeat-connector.ts'
import { MirrorHeartbeatTask } from './mirror-heartbeat-task.ts'
import { type Admins, MirrorSourceConnector } from './mirror-source-connector.ts'
import { MirrorSourceTask, type TaskClients } from './mirror-source-task.ts'
import type { TranslationObserver } from './translation-observer.ts'

/** Of a task’s clients those that read; the writing ones differ from task to task. */
type ReadingPart = 'consumer' | 'consumerChannel' | 'observer'

/** Clients of a flow, as they are configured. */
export interface FlowClients extends Pick<TaskClients, ReadingPart> {
  /** Of the producers that write records, checkpoints and heartbeats. */
  readonly dataProducer: ProducerConfig
  readonly dataChannel: Partial<ChannelOptions>
  /** Of the producer that writes offset syncs. */
  readonly syncProducer: ProducerConfig
  readonly syncChannel: Partial<ChannelOptions>
  adminOf(cluster: ClusterPort, context: WorkerContext): MirrorAdmin
  checkpointTopics(flow: Flow, context: WorkerContext): CheckpointTopics
  readonly translation: TranslationObserver
}

/** Timing of Connect's offset commits, and what happens to records on their way. */
export type CommitTiming = Omit<SourceTaskConfig, 'connector'>

/** Hears that a task of the source connector began, or that there is nothing to copy yet. */
export type OnSourceTask = (partitions: readonly NamedPartition[]) => void

/**
 * The three are one flow, but Connect knows them as strangers: they start in any order, on any
 * worker, and meet only in the topics that they read and write. Each start opens clients of its
 * own, which the connector or task closes when it stops.
 */
export class FlowConnectors {
  readonly #flow: Flow
  readonly #clients: FlowClients
  readonly #timing: CommitTiming

  constructor(flow: Flow, clients: FlowClients, timing: CommitTiming) {
    this.#flow = flow
    this.#clients = clients
    this.#timing = timing
  }

  /**
   * `onTask` hears of each task's partitions, and of none where the connector found nothing to
   * copy.
   */
  source(onTask: OnSourceTask): ConnectorDefinition {
    const name = 'MirrorSourceConnector'
    return {
      name,
      tasksMax: this.#flow.settings['tasks.max'],
      readsOffsets: true,
      start: (context, onStarted) => {
        const told = (isIdle: boolean) => {
          if (isIdle) onTask([])
          onStarted()
        }
        return new MirrorSourceConnector(this.#flow, this.#admins(context), context, told)
      },
      startTask: (config, context) => {
        const partitions = assignedPartitions(config)
        onTask(partitions)
        return this.#run(name, context, (loop) => this.#sourceTask(partitions, context, name, loop))
      },
    }
  }

  /**
   * Of tasks.max at most, and no more than there are groups. Each task reads all pairs of the flow,
   * and translates for its own groups.
   */
  checkpoint(): ConnectorDefinition {
    const name = 'MirrorCheckpointConnector'
    return {
      name,
      tasksMax: this.#flow.settings['tasks.max'],
      readsOffsets: false,
      start: (context, onStarted) => {
        const { translation } = this.#clients
        const around = { ...context, translation }
        return new MirrorCheckpointConnector(this.#flow, this.#admins(context), around, onStarted)
      },
      startTask: (groups, context) => {
        invariant(isListOf(groups, isText), 'a checkpoint task is told its groups')
        return this.#run(name, context, (loop) => {
          const topics = this.#clients.checkpointTopics(this.#flow, context)
          const admins = this.#admins(context)
          const { process } = context
          return new MirrorCheckpointTask(this.#flow, groups, admins, topics, process, loop)
        })
      },
    }
  }

  /**
   * Always one task: its records say that the flow lives, one an interval, and nothing of the load.
   */
  heartbeat(): ConnectorDefinition {
    const name = 'MirrorHeartbeatConnector'
    return {
      name,
      tasksMax: 1,
      readsOffsets: false,
      start: (context, onStarted) => {
        const admin = this.#clients.adminOf(this.#flow.target, context)
        return new MirrorHeartbeatConnector(this.#flow, admin, context.process, onStarted)
      },
      startTask: (_config, context) =>
        this.#run(name, context, (loop) => {
          return new MirrorHeartbeatTask(this.#flow, context.process, loop)
        }),
    }
  }

  /** One of each cluster, for each connector and task: they are closed with their owner. */
  #admins(context: WorkerContext | ConnectorContext): Admins {
    const { source, target } = this.#flow
    return {
      source: this.#clients.adminOf(source, context),
      target: this.#clients.adminOf(target, context),
    }
  }

  /**
   * The connector told names and numbers, since partitions of a topic that was made again have
   * other indices; one that is gone by now is left out, as Kafka’s consumer finds no such
   * partition.
   */
  #sourceTask(
    partitions: readonly NamedPartition[],
    { process, network, offsets }: WorkerContext,
    connector: string,
    loop: WorkerSourceTask,
  ): MirrorSourceTask {
    const { topics } = this.#flow.source
    const indices = partitions
      .map(({ topic, number }) => topics.indexOf(topic, number))
      .filter((index): index is PartitionIndex => index !== null)
    const { consumer, consumerChannel, observer, syncProducer, syncChannel } = this.#clients
    const clients: TaskClients = {
      ...{ process, network, consumer, consumerChannel, observer },
      ...{ producer: syncProducer, producerChannel: syncChannel },
    }
    return new MirrorSourceTask(this.#flow, indices, offsets.read(connector), clients, loop)
  }

  /** A task in its loop, with the producer that Connect gives it. */
  #run(
    connector: string,
    context: TaskContext,
    taskOf: (loop: WorkerSourceTask) => SourceTask,
  ): RunningTask {
    const clients = {
      target: this.#flow.target,
      producer: this.#clients.dataProducer,
      channel: this.#clients.dataChannel,
    }
    return runSourceTask(clients, { ...this.#timing, connector }, context, taskOf)
  }
}

/** Task configurations come back through a topic, as JSON: they are looked at again. */
function isText(item: unknown): item is string {
  return typeof item === 'string'
}
