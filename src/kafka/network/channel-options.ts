// Models: how each kind of Kafka process sets up its network client.
// Leaves out: TLS, SASL, several addresses a node (one process is one address).
// Source: KafkaProducer, KafkaConsumer, KafkaAdminClient, BrokerBlockingSender, KafkaRaftManager,
// NodeToControllerChannelManagerImpl (constructor arguments of their NetworkClient).

import type { Micros } from '../../sim/time.ts'
import { MS, SECOND } from '../../sim/time.ts'
import { type BackoffSpec, JITTER_PERCENT } from './exponential-backoff.ts'

export interface ChannelOptions {
  /** Names the random stream and shows in traces. */
  readonly name: string
  /** Requests sent and not answered on one connection; later ones wait. */
  readonly inFlightMax: number
  /** A new connection first asks for the API versions: one more round trip. */
  readonly apiVersions: boolean
  /** Limit of that internal request. */
  readonly requestTimeout: Micros
  readonly reconnectBackoff: BackoffSpec
  readonly setupTimeout: BackoffSpec
  readonly connectionsMaxIdle: Micros
  /** From a response in the socket to the code that waits for it: the client's own threads. */
  readonly receiveServiceMicros: number
  /**
   * InterBrokerSendThread: a thread that notices time-outs only when its poll returns, and that
   * sleeps through reconnect back-offs. `requestTimeout` is also its longest sleep.
   */
  readonly sendThread?: boolean
  readonly sendBufferBytes?: number
  readonly receiveBufferBytes?: number
}

const SETUP_TIMEOUT: BackoffSpec = {
  initial: 10 * SECOND,
  max: 30 * SECOND,
  jitterPercent: JITTER_PERCENT,
}
const CLIENT_RECONNECT: BackoffSpec = {
  initial: 50 * MS,
  max: SECOND,
  jitterPercent: JITTER_PERCENT,
}
const CLIENT_IDLE: Micros = 540 * SECOND
const BROKER_IDLE: Micros = 600 * SECOND

/** Producer with Kafka's defaults; override what the scenario sets. */
export const PRODUCER_CHANNEL: ChannelOptions = {
  name: 'producer',
  inFlightMax: 5,
  apiVersions: true,
  requestTimeout: 30 * SECOND,
  reconnectBackoff: CLIENT_RECONNECT,
  setupTimeout: SETUP_TIMEOUT,
  connectionsMaxIdle: CLIENT_IDLE,
  receiveServiceMicros: 1_400,
  sendBufferBytes: 131_072,
  receiveBufferBytes: 32_768,
}

/** Consumer with Kafka's defaults. */
export const CONSUMER_CHANNEL: ChannelOptions = {
  ...PRODUCER_CHANNEL,
  name: 'consumer',
  inFlightMax: 100,
  receiveBufferBytes: 65_536,
}

/** Administrator's client: each request brings its own limit, so the channel's hardly counts. */
export const ADMIN_CHANNEL: ChannelOptions = {
  ...PRODUCER_CHANNEL,
  name: 'admin',
  inFlightMax: 1,
  requestTimeout: 3_600 * SECOND,
  connectionsMaxIdle: 300 * SECOND,
  receiveBufferBytes: 65_536,
}

/** Replica fetcher: one request in flight, no reconnect back-off (the fetcher has its own). */
export const FETCHER_CHANNEL: ChannelOptions = {
  name: 'fetcher',
  inFlightMax: 1,
  apiVersions: true,
  requestTimeout: 30 * SECOND,
  reconnectBackoff: { initial: 0, max: 0, jitterPercent: 0 },
  setupTimeout: SETUP_TIMEOUT,
  connectionsMaxIdle: BROKER_IDLE,
  receiveServiceMicros: 1_000,
  receiveBufferBytes: 65_536,
}

/** Quorum traffic of voters and observers. */
export const RAFT_CHANNEL: ChannelOptions = {
  name: 'raft',
  inFlightMax: 1,
  apiVersions: true,
  requestTimeout: 2 * SECOND,
  reconnectBackoff: { initial: 50 * MS, max: 500 * MS, jitterPercent: JITTER_PERCENT },
  setupTimeout: SETUP_TIMEOUT,
  connectionsMaxIdle: BROKER_IDLE,
  receiveServiceMicros: 200,
  sendThread: true,
}

/** Broker to active controller: registration, heartbeats, AlterPartition. */
export const CONTROLLER_CHANNEL: ChannelOptions = {
  ...RAFT_CHANNEL,
  name: 'to-controller',
  apiVersions: true,
  requestTimeout: 30 * SECOND,
  reconnectBackoff: { initial: 50 * MS, max: 50 * MS, jitterPercent: JITTER_PERCENT },
}

/** The size of a buffer setting; undefined where it leaves the buffer to the kernel. */
export function bufferOf(bytes: number): number | undefined {
  return bytes > 0 ? bytes : undefined
}
