// Models: the requests and responses about access control lists as plain values.
// Leaves out: filters: who deletes names the entries, who describes gets all of a resource type.
// Source: CreateAclsRequest.json, DeleteAclsRequest.json, DescribeAclsRequest.json.

import type { KafkaError } from './errors.ts'
import type { AclBinding } from './metadata/acls.ts'

/** Answered as every order of an administrator: all entries are taken, or none. */
export interface AlterAclsRequest {
  readonly api: 'CreateAcls' | 'DeleteAcls'
  readonly acls: readonly AclBinding[]
}

export interface DescribeAclsRequest {
  readonly api: 'DescribeAcls'
}

export interface DescribeAclsResponse {
  readonly api: 'DescribeAcls'
  readonly error: KafkaError
  readonly acls: readonly AclBinding[]
}
