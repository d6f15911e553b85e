// Models: the error codes of Kafka's protocol that the model raises or must react to.
// Leaves out: errors of the transaction coordinator, of authentication and of quotas.
// Source: org.apache.kafka.common.protocol.Errors.

/** What a client may conclude from an error. */
export interface ErrorTraits {
  readonly code: number
  /** The client may send the same request again. */
  readonly retriable: boolean
  /** The request has certainly had no effect; false means that it may have had one. */
  readonly definite: boolean
  /** The client's metadata is stale: it asks for a refresh. */
  readonly invalidMetadata: boolean
}

/** From the words that a row of the table has, so that the table reads as one. */
function traits(code: number, words: string): ErrorTraits {
  return {
    code,
    retriable: words.includes('retriable'),
    definite: words.includes('definite'),
    invalidMetadata: words.includes('metadata'),
  }
}

const ERRORS = {
  /** A broker’s surprise; whether the request had an effect is anybody’s guess. */
  UNKNOWN_SERVER_ERROR: traits(-1, ''),
  NONE: traits(0, ''),
  OFFSET_OUT_OF_RANGE: traits(1, 'definite'),
  /** Also told of what was appended and waits for replicas when its topic is deleted. */
  UNKNOWN_TOPIC_OR_PARTITION: traits(3, 'retriable metadata'),
  LEADER_NOT_AVAILABLE: traits(5, 'retriable definite metadata'),
  NOT_LEADER_OR_FOLLOWER: traits(6, 'retriable metadata'),
  REQUEST_TIMED_OUT: traits(7, 'retriable'),
  NETWORK_EXCEPTION: traits(13, 'retriable metadata'),
  COORDINATOR_LOAD_IN_PROGRESS: traits(14, 'retriable definite'),
  COORDINATOR_NOT_AVAILABLE: traits(15, 'retriable'),
  NOT_COORDINATOR: traits(16, 'retriable definite'),
  INVALID_TOPIC_EXCEPTION: traits(17, 'definite'),
  RECORD_LIST_TOO_LARGE: traits(18, 'definite'),
  /** Before the append: nothing was written. */
  NOT_ENOUGH_REPLICAS: traits(19, 'retriable definite'),
  /** After it: the records are in the leader's log, and may yet be committed. */
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: traits(20, 'retriable'),
  INVALID_REQUIRED_ACKS: traits(21, 'definite'),
  ILLEGAL_GENERATION: traits(22, 'definite'),
  INCONSISTENT_GROUP_PROTOCOL: traits(23, 'definite'),
  UNKNOWN_MEMBER_ID: traits(25, 'definite'),
  INVALID_SESSION_TIMEOUT: traits(26, 'definite'),
  REBALANCE_IN_PROGRESS: traits(27, 'definite'),
  TOPIC_AUTHORIZATION_FAILED: traits(29, 'definite'),
  GROUP_AUTHORIZATION_FAILED: traits(30, 'definite'),
  CLUSTER_AUTHORIZATION_FAILED: traits(31, 'definite'),
  TOPIC_ALREADY_EXISTS: traits(36, 'definite'),
  INVALID_PARTITIONS: traits(37, 'definite'),
  INVALID_REPLICATION_FACTOR: traits(38, 'definite'),
  INVALID_REPLICA_ASSIGNMENT: traits(39, 'definite'),
  INVALID_CONFIG: traits(40, 'definite'),
  NOT_CONTROLLER: traits(41, 'retriable definite metadata'),
  INVALID_REQUEST: traits(42, 'definite'),
  OUT_OF_ORDER_SEQUENCE_NUMBER: traits(45, 'definite'),
  /** Older than what the broker remembers: in the log, but at an offset that nobody knows. */
  DUPLICATE_SEQUENCE_NUMBER: traits(46, ''),
  INVALID_PRODUCER_EPOCH: traits(47, 'definite'),
  INVALID_TXN_STATE: traits(48, 'definite'),
  TRANSACTION_COORDINATOR_FENCED: traits(52, 'definite'),
  SECURITY_DISABLED: traits(54, 'definite'),
  OPERATION_NOT_ATTEMPTED: traits(55, 'definite'),
  UNKNOWN_PRODUCER_ID: traits(59, 'definite'),
  GROUP_ID_NOT_FOUND: traits(69, 'definite'),
  FETCH_SESSION_ID_NOT_FOUND: traits(70, 'retriable definite'),
  INVALID_FETCH_SESSION_EPOCH: traits(71, 'retriable definite'),
  FENCED_LEADER_EPOCH: traits(74, 'retriable definite metadata'),
  UNKNOWN_LEADER_EPOCH: traits(75, 'retriable definite'),
  STALE_BROKER_EPOCH: traits(77, 'definite'),
  OFFSET_NOT_AVAILABLE: traits(78, 'retriable definite'),
  MEMBER_ID_REQUIRED: traits(79, 'definite'),
  PREFERRED_LEADER_NOT_AVAILABLE: traits(80, 'retriable definite metadata'),
  FENCED_INSTANCE_ID: traits(82, 'definite'),
  ELIGIBLE_LEADERS_NOT_AVAILABLE: traits(83, 'retriable definite metadata'),
  ELECTION_NOT_NEEDED: traits(84, 'definite'),
  NO_REASSIGNMENT_IN_PROGRESS: traits(85, 'definite'),
  UNSTABLE_OFFSET_COMMIT: traits(88, 'retriable definite'),
  INVALID_UPDATE_VERSION: traits(95, 'definite'),
  DUPLICATE_BROKER_REGISTRATION: traits(101, 'definite'),
  BROKER_ID_NOT_REGISTERED: traits(102, 'definite'),
  INELIGIBLE_REPLICA: traits(107, 'definite'),
  /** The change was made, and took the leadership away from who had asked for it. */
  NEW_LEADER_ELECTED: traits(108, ''),
  FENCED_MEMBER_EPOCH: traits(110, 'definite'),
  UNRELEASED_INSTANCE_ID: traits(111, 'definite'),
  UNSUPPORTED_ASSIGNOR: traits(112, 'definite'),
  STALE_MEMBER_EPOCH: traits(113, 'definite'),
} as const

export type KafkaError = keyof typeof ERRORS

/** Traits of an error by name. */
export function traitsOf(error: KafkaError): ErrorTraits {
  return ERRORS[error]
}
