// Models: how the controller writes access control lists down, and judges what brokers hand on.
// Leaves out: checks of names; a limit of entries a request. Lists count once the controller has
// written them, not once they are committed.
// Source: org.apache.kafka.controller.AclControlManager, kafka.server.ControllerApis, AclApis.

import type { AlterAclsRequest } from '../acl-messages.ts'
import type {
  AdminResponse,
  EnvelopeRequest,
  ForwardedRequest,
  ForwardedResponse,
} from '../admin-messages.ts'
import { judgeForwarded } from '../authorizer/admin-requests.ts'
import { Authorizer } from '../authorizer/authorizer.ts'
import type { Verdict } from '../authorizer/verdict.ts'
import { type AclBinding, aclKey } from '../metadata/acls.ts'
import type { MetadataRecord } from '../metadata/records.ts'
import type { ControllerState } from './controller-state.ts'

/** Lists are metadata like topics: each broker obeys them from when it has replayed them. */
interface AclDecision {
  readonly records: readonly MetadataRecord[]
  readonly reply: AdminResponse
}

/** What is there already is not created again, and what is not there not deleted: no error. */
export function alterAcls(state: ControllerState, { api, acls }: AlterAclsRequest): AclDecision {
  if (state.options.authorizer == null) {
    const message = 'No Authorizer is configured.'
    return { records: [], reply: { api: 'Admin', error: 'SECURITY_DISABLED', message } }
  }
  const creates = api === 'CreateAcls'
  const type = creates ? 'AccessControlEntry' : 'RemoveAccessControlEntry'
  const records = distinct(acls)
    .filter((acl) => state.acls.has(acl) !== creates)
    .map((acl) => ({ type, acl }) as const)
  return { records, reply: { api: 'Admin', error: 'NONE', message: '' } }
}

function distinct(acls: readonly AclBinding[]): AclBinding[] {
  return [...new Map(acls.map((acl) => [aclKey(acl), acl])).values()]
}

/** What the client may have of a request that a broker hands on; null: all of it. */
export function judgeEnvelope(
  state: ControllerState,
  { request, client }: EnvelopeRequest,
): Verdict<ForwardedRequest, ForwardedResponse> | null {
  const { authorizer } = state.options
  // What the broker asks for itself is its own, and nodes of a cluster trust each other.
  if (authorizer == null || client === undefined) return null
  return judgeForwarded(request, new Authorizer(authorizer, () => state.acls).asker(client))
}
