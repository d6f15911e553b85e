// Models: what waits in the controller's queue, and what of it takes no time of its own.
// Leaves out: reads (describe requests), which see what is committed and hold nobody up here.
// Source: QuorumController.ControllerWriteEvent, ControllerEvent, appendRaftEvent.

import type { MetadataOffset, NodeId, QuorumEpoch } from '../ids.ts'
import type { Reply } from '../network/rpc.ts'
import type { ControllerRequest } from './controller-requests.ts'
import type { TaskName } from './periodic-tasks.ts'

/** What waits in the queue: a request, a task of the controller's own, or what raft has told it. */
export type ControllerEvent =
  | { readonly kind: 'request'; readonly request: ControllerRequest; readonly reply: Reply }
  | { readonly kind: 'task'; readonly task: TaskName }
  | { readonly kind: 'commit'; readonly from: MetadataOffset; readonly to: MetadataOffset }
  | { readonly kind: 'leader'; readonly leaderId: NodeId; readonly epoch: QuorumEpoch }
  | { readonly kind: 'activation' }

/** Handed over by another thread; what it costs is little beside a decision. */
export function isFromRaft({ kind }: ControllerEvent): boolean {
  return kind === 'commit' || kind === 'leader'
}
