// From the settings of a link on Connect's workers to what the clients of its tasks read.

import type { ConsumerConfig } from '../../kafka/clients/consumer-config.ts'
import type { ChannelOptions } from '../../kafka/network/channel-options.ts'
import type { ClusterPort } from '../../mirror/cluster-port.ts'
import type { SourceTaskClients } from '../../mirror/connect/run-source-task.ts'
import type { SourceTaskConfig } from '../../mirror/connect/worker-source-task.ts'
import type { ConnectLinkBase } from '../../scenario/links.ts'
import type { Scenario } from '../../scenario/model.ts'
import { channelOptionsOf, consumerConfigOf, producerConfigOf } from '../config/clients.ts'

export interface ConnectClients {
  readonly consumer: ConsumerConfig
  /** Of the consumer. */
  readonly channel: Partial<ChannelOptions>
  readonly clients: SourceTaskClients
  readonly timing: SourceTaskConfig
}

/** `serviceMicros`: a client's own work on an answer. The connector bears the link's name. */
export function connectClientsOf(
  { name, consumer, producer, worker }: ConnectLinkBase,
  target: ClusterPort,
  { version, guards }: Pick<Scenario, 'version' | 'guards'>,
  serviceMicros: number,
): ConnectClients {
  return {
    consumer: consumerConfigOf({ config: consumer }, version, guards),
    channel: channelOptionsOf(consumer, serviceMicros),
    clients: {
      target,
      producer: producerConfigOf({ config: producer, compressionRatio: 1 }, version),
      channel: channelOptionsOf(producer, serviceMicros),
    },
    timing: {
      connector: name,
      offsetFlushTimeoutMs: worker['offset.flush.timeout.ms'],
    },
  }
}
