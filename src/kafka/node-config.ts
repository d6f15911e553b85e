// Models: everything that one node reads from its configuration, by the part that reads it.
// Leaves out: listeners, security, log directories.
// Source: KafkaConfig, KRaftConfigs, QuorumConfig.

import type { SocketBuffers } from '../sim/connection.ts'
import type { Micros } from '../sim/time.ts'
import type { BrokerConfig } from './broker/broker-config.ts'
import type { QuorumControllerConfig } from './controller/controller-config.ts'
import type { NodeId } from './ids.ts'
import type { ConfigRecord } from './metadata/records.ts'
import type { ChannelOptions } from './network/channel-options.ts'
import type { ServiceTimes } from './network/service-times.ts'
import type { RaftConfig } from './raft/raft-config.ts'
import type { Guards } from './version.ts'

export interface NodeConfig {
  /** Of its cluster, from the start. */
  readonly firstConfigs: readonly ConfigRecord[]
  readonly id: NodeId
  readonly roles: readonly ('broker' | 'controller')[]
  readonly rack: string | null
  readonly guards: Guards
  readonly broker: BrokerConfig
  readonly raft: RaftConfig
  readonly controller: QuorumControllerConfig
  readonly serviceTimes: ServiceTimes
  /** socket.send.buffer.bytes and socket.receive.buffer.bytes */
  readonly socketBuffers: SocketBuffers
  /** What the channels of this node override: buffers, time-outs, idle limit. */
  readonly fetcherChannel: Partial<ChannelOptions>
  readonly nodeChannel: Partial<ChannelOptions>
  /** broker.heartbeat.interval.ms */
  readonly heartbeatIntervalMs: number
  /** broker.session.timeout.ms */
  readonly sessionTimeoutMs: number
  /** initial.broker.registration.timeout.ms */
  readonly initialRegistrationTimeoutMs: number
  /** controller.socket.timeout.ms */
  readonly controllerSocketTimeoutMs: number
  /** Rescanning logs after an unclean stop, a knob. */
  readonly logRecoveryMicrosPerMegabyte: Micros
}
