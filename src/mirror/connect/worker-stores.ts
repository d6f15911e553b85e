// Models: what a worker keeps in its cluster: the offsets of its tasks, and the configurations that
// its group agrees on.
// Leaves out: the status topic.
// Source: connect.runtime.distributed.DistributedHerder (startServices), connect.storage.

import type { RecordIds } from '../../kafka/internal-record-ids.ts'
import type { ConnectWorkerSettings } from '../../kafka/settings/modelled.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { ClusterPort } from '../cluster-port.ts'
import { type ConfigListener, ConfigStore } from './config-store.ts'
import { KafkaOffsetStore } from './kafka-offset-store.ts'
import type { LogTopic } from './log-topic.ts'
import { WorkerAdmin } from './worker-admin.ts'

export interface WorkerStoresOptions {
  readonly process: Process
  readonly network: Network
  /** Where the group and the topics of the workers live: MirrorMaker's target. */
  readonly cluster: ClusterPort
  readonly recordIds: RecordIds
  readonly settings: ConnectWorkerSettings
  /** config.storage.topic, offset.storage.topic; `mm2-configs.<source>.internal` and so on. */
  readonly configTopic: string
  readonly offsetTopic: string
}

/** Owned by a worker, new with its process; the two share one administrator's client. */
export class WorkerStores {
  readonly offsets: KafkaOffsetStore
  readonly configs: ConfigStore

  constructor(options: WorkerStoresOptions, listener: ConfigListener) {
    const { process, network, cluster, settings } = options
    const around = { ...options, admin: new WorkerAdmin(process, network, cluster) }
    const offsetFlushTimeoutMs = settings['offset.flush.timeout.ms']
    const topic = offsetTopicOf(options)
    this.offsets = new KafkaOffsetStore({ ...around, topic, offsetFlushTimeoutMs })
    this.configs = new ConfigStore({ ...around, topic: configTopicOf(options) }, listener)
  }

  /** Reads one after the other; `onFailed` hears which of them could not be read, and why. */
  start(onStarted: () => void, onFailed: (reason: string) => void): void {
    this.offsets.start(() => this.configs.start(onStarted, onFailed), onFailed)
  }
}

const COMPACTED = { 'cleanup.policy': 'compact' }

/** One partition, whatever is set: its order is that of the changes. */
function configTopicOf({ settings, configTopic: name }: WorkerStoresOptions): LogTopic {
  const replicationFactor = settings['config.storage.replication.factor']
  return { name, making: { partitions: 1, replicationFactor, configs: COMPACTED } }
}

function offsetTopicOf({ settings, offsetTopic: name }: WorkerStoresOptions): LogTopic {
  const partitions = settings['offset.storage.partitions']
  const replicationFactor = settings['offset.storage.replication.factor']
  return { name, making: { partitions, replicationFactor, configs: COMPACTED } }
}
