// Models: what it takes to create and change topics, their settings, and the lists themselves.
// Leaves out: settings of brokers; elections and reassignments, which operators order by hand.
// Source: ControllerApis (createTopics, deleteTopics, createPartitions,
// incrementalAlterConfigs), AclApis. Rights on mirror topics are our own choice.

import type {
  AdminResponse,
  DescribeConfigsRequest,
  ForwardedRequest,
  ForwardedResponse,
  TopicOutcome,
  TopicsRequest,
} from '../admin-messages.ts'
import type { AclOperation } from '../metadata/acls.ts'
import type { Asker } from './authorizer.ts'
import { parted, refusal, type Verdict } from './verdict.ts'

/** Said of each topic that the asker may not touch. */
const REFUSED = 'TOPIC_AUTHORIZATION_FAILED'
/** The error of a right on the cluster itself: no topic is named in it. */
const NOT_ON_CLUSTER: AdminResponse = {
  api: 'Admin',
  error: 'CLUSTER_AUTHORIZATION_FAILED',
  message: 'cluster authorization failed',
}

/** Judged by the controller, for the client whose request a broker hands on. */
export function judgeForwarded(
  request: ForwardedRequest,
  asker: Asker,
): Verdict<ForwardedRequest, ForwardedResponse> | null {
  switch (request.api) {
    // A right on the cluster covers every name, and to create was the only one before KIP-277; who
    // lacks it is judged topic by topic, and gets those that he may have.
    case 'CreateTopics':
      return asker.mayOnCluster('CREATE') ? null : judgeTopics(request, 'CREATE', asker)
    case 'DeleteTopics':
      return asker.mayOnCluster('DELETE') ? null : judgeTopics(request, 'DELETE', asker)
    case 'CreatePartitions':
      return judgeTopics(request, 'ALTER', asker)
    case 'IncrementalAlterConfigs':
      return judgeTopics(request, 'ALTER_CONFIGS', asker)
    case 'CreateAcls':
    case 'DeleteAcls':
      return judgeOnCluster('ALTER', asker)
  }
}

/** For what is answered with nothing but an error. */
export function judgeOnCluster(
  operation: AclOperation,
  asker: Asker,
): Verdict<never, AdminResponse> | null {
  return asker.mayOnCluster(operation) ? null : refusal(NOT_ON_CLUSTER)
}

/** The order is carried out for what is allowed; it does not fail as a whole. */
function judgeTopics(
  order: TopicsRequest,
  operation: AclOperation,
  asker: Asker,
): Verdict<ForwardedRequest, ForwardedResponse> | null {
  const names = order.topics.map(({ name }) => name)
  const [allowed, refused] = parted(names, (name) => asker.may(operation, 'TOPIC', name))
  if (refused.length === 0) return null
  // Said of each topic, allowed or not: whoever asked for several learns which of them failed.
  const told = refused.map((name): TopicOutcome => ({ name, error: REFUSED, message: '' }))
  return {
    allowed: allowed.length === 0 ? null : only(order, allowed),
    answer: (served) => {
      const rest = served?.api === order.api ? served.topics : []
      return { api: order.api, topics: [...rest, ...told] }
    },
  }
}

/** Case by case, as each order carries other things beside the name. */
function only(order: TopicsRequest, names: readonly string[]): TopicsRequest {
  const isNamed = ({ name }: { readonly name: string }) => names.includes(name)
  switch (order.api) {
    case 'CreateTopics':
      return { ...order, topics: order.topics.filter(isNamed) }
    case 'CreatePartitions':
      return { ...order, topics: order.topics.filter(isNamed) }
    case 'DeleteTopics':
      return { ...order, topics: order.topics.filter(isNamed) }
    case 'IncrementalAlterConfigs':
      return { ...order, topics: order.topics.filter(isNamed) }
  }
}

/**
 * Settings are told of topics that the asker may DESCRIBE_CONFIGS; each of the others is answered
 * with TOPIC_AUTHORIZATION_FAILED, whether or not it exists (ConfigHelper).
 */
export function judgeDescribeConfigs(
  request: DescribeConfigsRequest,
  asker: Asker,
): Verdict | null {
  const [allowed, refused] = parted(request.topics, (name) =>
    asker.may('DESCRIBE_CONFIGS', 'TOPIC', name),
  )
  if (refused.length === 0) return null
  const told = refused.map((name) => ({ name, error: REFUSED, configs: {}, defaults: {} }) as const)
  return {
    allowed: { ...request, topics: allowed },
    answer: (served) => {
      const rest = served?.api === 'DescribeConfigs' ? served.topics : []
      return { api: 'DescribeConfigs', topics: [...rest, ...told] }
    },
  }
}

/** All lists or none: DESCRIBE on the cluster shows every one (AclApis.handleDescribeAcls). */
export function judgeDescribeAcls(asker: Asker): Verdict | null {
  if (asker.mayOnCluster('DESCRIBE')) return null
  return refusal({ api: 'DescribeAcls', error: 'CLUSTER_AUTHORIZATION_FAILED', acls: [] })
}
