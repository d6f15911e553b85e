// Models: which access control lists of the source a flow creates at its target.
// Leaves out: nothing of what MirrorMaker copies; it deletes none.
// Source: MirrorSourceConnector (syncTopicAcls, shouldReplicateAcl, targetAclBinding).

import type { AclBinding } from '../../kafka/metadata/acls.ts'

/** Of a flow, what decides about lists. */
export interface AclFlow {
  shouldReplicateTopic(topic: string): boolean
  remoteTopic(topic: string): string
}

/**
 * Only of topics, only by their full name: groups are left out, and prefixes. Nobody may write to a
 * copy because he may write to its source, and who may do everything there may read it here.
 */
export function aclsToCopy(flow: AclFlow, acls: readonly AclBinding[]): AclBinding[] {
  return acls
    .filter(({ resource, pattern }) => resource === 'TOPIC' && pattern === 'LITERAL')
    .filter(({ operation, permission }) => !(permission === 'ALLOW' && operation === 'WRITE'))
    .filter(({ name }) => flow.shouldReplicateTopic(name))
    .map((acl) => ({
      ...acl,
      name: flow.remoteTopic(acl.name),
      operation: acl.permission === 'ALLOW' && acl.operation === 'ALL' ? 'READ' : acl.operation,
    }))
}
