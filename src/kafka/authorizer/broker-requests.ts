// Models: which right each request of a client takes at a broker.
// Leaves out: requests of nodes to one another, whose principal is a super user in every cluster
// that works; what the controller judges itself (admin-requests.ts).
// Source: kafka.server.KafkaApis.

import { isGroupRequest } from '../group-messages.ts'
import type { Request } from '../messages.ts'
import { judgeDescribeAcls, judgeDescribeConfigs, judgeOnCluster } from './admin-requests.ts'
import type { Asker } from './authorizer.ts'
import {
  type BrokerView,
  judgeFetch,
  judgeInitProducerId,
  judgeListOffsets,
  judgeMetadata,
  judgeOffsetsForLeaderEpoch,
  judgeProduce,
} from './data-requests.ts'
import { judgeGroupRequest } from './group-requests.ts'
import { refusal, type Verdict } from './verdict.ts'

/** What is left of a request; null: all of it is allowed. */
export function judge(request: Request, asker: Asker, view: BrokerView): Verdict | null {
  switch (request.api) {
    case 'Produce':
      return judgeProduce(request, asker, view)
    case 'Fetch':
      return judgeFetch(request, asker, view)
    case 'ListOffsets':
      return judgeListOffsets(request, asker, view)
    case 'OffsetsForLeaderEpoch':
      return judgeOffsetsForLeaderEpoch(request, asker, view)
    case 'Metadata':
      return judgeMetadata(request, asker, view)
    case 'InitProducerId':
      return judgeInitProducerId(asker)
    case 'DescribeConfigs':
      return judgeDescribeConfigs(request, asker)
    case 'DescribeAcls':
      return judgeDescribeAcls(asker)
    case 'DescribeMirror':
      if (asker.may('DESCRIBE', 'TOPIC', request.topic)) return null
      return refusal({ ...UNTOLD, error: 'TOPIC_AUTHORIZATION_FAILED' })
    case 'AlterMirror':
      return judgeOnCluster('ALTER', asker)
    default:
      return isGroupRequest(request) ? judgeGroupRequest(request, asker, view) : null
  }
}

/** Nothing of the topic is told, not even whether it is a mirror. */
const UNTOLD = { api: 'DescribeMirror', state: null, reversal: null, link: null, ends: [] } as const
