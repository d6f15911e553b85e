// Models: what becomes of an order to change settings of a topic, a node or the whole cluster.
// Leaves out: checks of values, policies (alter.config.policy.class.name), SUBTRACT and APPEND.
// Source: ConfigurationControlManager.incrementalAlterConfigs, QuorumController.
// ConfigResourceExistenceChecker (KIP-966).

import {
  type AdminResponse,
  type AlterConfigRequest,
  adminReply,
  type IncrementalAlterConfigsRequest,
  type TopicOutcome,
  type TopicsResponse,
} from '../admin-messages.ts'
import { CLUSTER_DEFAULT } from '../metadata/broker-configs.ts'
import type { ConfigRecord, ConfigResource, MetadataRecord } from '../metadata/records.ts'
import { MIN_IN_SYNC_REPLICAS } from './config-control.ts'
import type { ControllerState } from './controller-state.ts'
import { sortOutDuplicates } from './duplicate-topics.ts'

/** All of a resource's changes, or a refusal without records. */
interface ConfigDecision<Reply = AdminResponse> {
  readonly records: readonly MetadataRecord[]
  readonly reply: Reply
}

/**
 * All of the order or nothing of it. A value that a topic has already changes nothing; one of a
 * broker or the cluster is written down again (KAFKA-14136). Whatever concerns min.insync.replicas
 * empties ELRs: who is eligible was judged by the old minimum.
 */
export function alterConfig(state: ControllerState, request: AlterConfigRequest): ConfigDecision {
  const { resource, configs } = request
  const records: ConfigRecord[] = []
  for (const [name, value] of Object.entries(configs)) {
    const before = state.configs.topicValue(resource.name, name) ?? null
    if (resource.type === 'topic' && before === value) continue
    records.push({ type: 'Config', resource, name, value })
  }
  const refused = missing(state, resource) ?? forbidden(state, records)
  if (refused !== null) return { records: [], reply: refused }
  // 1. With a minimum of 2 the ISR is down to its leader: nothing is committed, the other is
  //    eligible.
  // 2. The minimum becomes 1, and the leader alone commits.
  // 3. Elected from the ELR, the other would lack what was committed meanwhile.
  const touchesMinIsr = records.some(({ name }) => name === MIN_IN_SYNC_REPLICAS)
  const cleared = touchesMinIsr && state.options.guards.elr ? clearedElrs(state, resource) : []
  return { records: [...records, ...cleared], reply: adminReply('NONE') }
}

/** As a broker hands it on for a client: each topic is judged alone. */
export function alterTopicConfigs(
  state: ControllerState,
  { api, topics }: IncrementalAlterConfigsRequest,
): ConfigDecision<TopicsResponse> {
  const records: MetadataRecord[] = []
  const { once, refused } = sortOutDuplicates(topics, 'resource')
  const outcomes = once.map(({ name, configs }): TopicOutcome => {
    const resource = { type: 'topic', name } as const
    const decision = alterConfig(state, { api: 'AlterConfig', resource, configs })
    records.push(...decision.records)
    return { name, error: decision.reply.error, message: decision.reply.message }
  })
  return { records, reply: { api, topics: [...outcomes, ...refused] } }
}

function missing({ topics, cluster, options }: ControllerState, { type, name }: ConfigResource) {
  if (type === 'topic') {
    return topics.has(name) ? null : adminReply('UNKNOWN_TOPIC_OR_PARTITION', `no topic '${name}'`)
  }
  const id = Number(name)
  if (name === CLUSTER_DEFAULT.name || cluster.broker(id) !== undefined) return null
  if (options.controllers?.includes(id)) return null
  return adminReply('BROKER_ID_NOT_REGISTERED', `no node ${name}`)
}

/** The minimum is the same on all brokers, and there always is one: ELRs are counted by it. */
function forbidden({ options }: ControllerState, records: readonly ConfigRecord[]) {
  if (!options.guards.elr) return null
  for (const { resource, name, value } of records) {
    if (name !== MIN_IN_SYNC_REPLICAS || resource.type === 'topic') continue
    if (resource.name !== CLUSTER_DEFAULT.name) {
      return adminReply('INVALID_CONFIG', `with ELRs no node has its own ${name}`)
    }
    if (value === null) return adminReply('INVALID_CONFIG', `with ELRs the cluster keeps a ${name}`)
  }
  return null
}

/** Of a topic, or of all topics, those with a minimum of their own among them (ClearElrRecord). */
function clearedElrs(state: ControllerState, { type, name }: ConfigResource): MetadataRecord[] {
  const topics = type === 'topic' ? [state.topics.get(name) ?? []] : [...state.topics.values()]
  return topics.flat().flatMap((partition) => {
    const { elr, lastKnownElr } = state.partition(partition).registration
    if (elr.length === 0 && lastKnownElr.length === 0) return []
    return { type: 'PartitionChange', partition, elr: [], lastKnownElr: [], clearsElr: true }
  })
}
