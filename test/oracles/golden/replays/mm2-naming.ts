import { DefaultReplicationPolicy } from '../../../../src/mirror/mirror-maker2/default-policy.ts'
import { mm2GuardsFor } from '../../../../src/mirror/mirror-maker2/guards.ts'
import { IdentityReplicationPolicy } from '../../../../src/mirror/mirror-maker2/identity-policy.ts'
import {
  allSources,
  countHops,
  HEARTBEATS_TOPIC,
  isHeartbeatsTopic,
  isRemoteTopic,
  originalTopic,
  type ReplicationPolicy,
} from '../../../../src/mirror/mirror-maker2/replication-policy.ts'
import {
  isCycle,
  shouldReplicateTopic,
} from '../../../../src/mirror/mirror-maker2/source-topics.ts'
import { TopicFilter } from '../../../../src/mirror/mirror-maker2/topic-filter.ts'
import { compare, compareAnswer, type JsonObject, type Outcome } from '../compare.ts'
import { flag, MalformedVector, object, str, strOr } from '../fields.ts'

/** Left out of a case where MirrorClient was not asked, or would not come to an end. */
const OF_THE_CLIENT = ['hops', 'allSources', 'isRemoteTopic']

/** Names of one policy, or the topics that one flow mirrors. */
export function replayNaming(goldenCase: JsonObject): Outcome {
  const policy = policyOf(goldenCase)
  switch (str(goldenCase, 'kind')) {
    case 'internal':
      return compareAnswer('internal', goldenCase, internalNames(policy, str(goldenCase, 'alias')))
    case 'topic':
      return compareAnswer('topic', goldenCase, aboutTopic(policy, goldenCase), OF_THE_CLIENT)
    case 'flow':
      return compare('topics', object(goldenCase, 'topics'), aboutFlow(policy, goldenCase))
    default:
      throw new MalformedVector(`unknown kind '${str(goldenCase, 'kind')}'`)
  }
}

function guardsOf(goldenCase: JsonObject) {
  return mm2GuardsFor(strOr(goldenCase, 'version', '4.1.0'))
}

function policyOf(goldenCase: JsonObject): ReplicationPolicy {
  const config = object(goldenCase, 'config')
  const settings = {
    separator: strOr(config, 'separator', undefined),
    internalTopicSeparatorEnabled: flag(config, 'internalTopicSeparatorEnabled', true),
    sourceClusterAlias: strOr(config, 'sourceClusterAlias', undefined),
  }
  const isIdentity = str(config, 'policy') === 'identity'
  const guards = guardsOf(goldenCase)
  return isIdentity
    ? new IdentityReplicationPolicy(guards, settings)
    : new DefaultReplicationPolicy(guards, settings)
}

function internalNames(policy: ReplicationPolicy, alias: string): JsonObject {
  return {
    heartbeatsTopic: HEARTBEATS_TOPIC,
    offsetSyncsTopic: policy.offsetSyncsTopic(alias),
    checkpointsTopic: policy.checkpointsTopic(alias),
  }
}

function aboutTopic(policy: ReplicationPolicy, goldenCase: JsonObject): JsonObject {
  const topic = str(goldenCase, 'topic')
  const remote: JsonObject = {}
  const hops: JsonObject = {}
  for (const alias of Object.keys(object(goldenCase, 'formatRemoteTopic'))) {
    remote[alias] = policy.formatRemoteTopic(alias, topic)
    hops[alias] = countHops(policy, topic, alias)
  }
  return {
    topicSource: policy.topicSource(topic),
    upstreamTopic: policy.upstreamTopic(topic),
    originalTopic: originalTopic(policy, topic),
    isInternalTopic: policy.isInternalTopic(topic),
    isMM2InternalTopic: policy.isMm2InternalTopic(topic),
    isHeartbeatsTopic: isHeartbeatsTopic(policy, topic),
    isCheckpointsTopic: policy.isCheckpointsTopic(topic),
    formatRemoteTopic: remote,
    hops,
    allSources: [...allSources(policy, topic)].sort(),
    isRemoteTopic: isRemoteTopic(policy, topic),
  }
}

function aboutFlow(policy: ReplicationPolicy, goldenCase: JsonObject): JsonObject {
  const flow = {
    target: str(goldenCase, 'target'),
    policy,
    filter: new TopicFilter(guardsOf(goldenCase), { topics: str(goldenCase, 'topicsInclude') }),
    heartbeatsReplicationEnabled: flag(goldenCase, 'heartbeatsReplicationEnabled', true),
  }
  const answers: JsonObject = {}
  for (const topic of Object.keys(object(goldenCase, 'topics'))) {
    const name = policy.formatRemoteTopic(str(goldenCase, 'source'), topic)
    answers[topic] = [isCycle(flow, topic), shouldReplicateTopic(flow, topic), name]
  }
  return answers
}
