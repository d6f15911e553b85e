// Models: the numbers of Kafka's protocol as flavoured types, so that an epoch is never an offset.
// Leaves out: topic ids (names are unique in a scenario) and directory ids (one log directory).
// Source: org.apache.kafka.common.TopicPartition.

/** Position in a partition's log; logStart <= LSO <= HW <= LEO, the last two exclusive ends. */
export type Offset = number & { readonly __unit?: 'offset' }
/** Fencing number of a partition's leadership; -1 where none is known. */
export type LeaderEpoch = number & { readonly __unit?: 'leaderEpoch' }
/** Version of a partition's registration; grows with every change record. */
export type PartitionEpoch = number & { readonly __unit?: 'partitionEpoch' }
/** Metadata offset of a broker's registration record; -1 where unknown. */
export type BrokerEpoch = number & { readonly __unit?: 'brokerEpoch' }
/** Kafka's node.id, shared by brokers and controllers; -1 for none. */
export type NodeId = number & { readonly __unit?: 'nodeId' }
/** Epoch of the KRaft quorum. */
export type QuorumEpoch = number & { readonly __unit?: 'quorumEpoch' }
/** Offset in the metadata log. */
export type MetadataOffset = number & { readonly __unit?: 'metadataOffset' }
export type ProducerId = number & { readonly __unit?: 'producerId' }
export type ProducerEpoch = number & { readonly __unit?: 'producerEpoch' }
/** Index into the cluster-wide list of topic partitions; stable for a run. */
export type PartitionIndex = number & { readonly __unit?: 'partitionIndex' }
/** Scenario-wide number of a produced record, which its copies keep. */
export type RecordId = number & { readonly __unit?: 'recordId' }

/** An incremental fetch session of one broker process; 0 for none. */
export type FetchSessionId = number & { readonly __unit?: 'fetchSessionId' }

/** Name of a consumer group: group.id. */
export type GroupId = string
/** Given by the coordinator, or under KIP-848 by the member itself; '' for none yet. */
export type MemberId = string
/** Generation of a classic group, or member epoch of a consumer group. */
export type GenerationId = number & { readonly __unit?: 'generation' }

/** The topic in which coordinators keep groups and what they have committed. */
export const OFFSETS_TOPIC = '__consumer_offsets'

export const NO_NODE: NodeId = -1
export const NO_EPOCH: LeaderEpoch = -1
export const NO_OFFSET: Offset = -1
export const NO_PRODUCER: ProducerId = -1
export const NO_FETCH_SESSION: FetchSessionId = 0
/** Session epoch of a fetch that opens a session, and ends the one that it names. */
export const INITIAL_SESSION_EPOCH = 0
/** Session epoch of a fetch that wants none. */
export const FINAL_SESSION_EPOCH = -1
export const NO_GENERATION: GenerationId = -1
