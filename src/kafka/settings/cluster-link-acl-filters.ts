// Models: a link's filters of access control lists, as the JSON of acl.filters names them.
// Leaves out: transactional ids and the pattern type match.
// Source: Confluent's docs (acl.filters: resourceFilter, accessFilter).

import type { AclBinding } from '../metadata/acls.ts'
import { parseRows } from './cluster-link-filters.ts'

/** Of each field what it must be; null for anything. */
export interface AclFilter {
  readonly resource: string | null
  readonly pattern: string | null
  readonly name: string | null
  readonly principal: string | null
  readonly operation: string | null
  readonly permission: string | null
  readonly host: string | null
}

/** What is known of a part of the JSON before it is looked at. */
type Fields = ReadonlyMap<string, unknown>

/** The filters in a setting's text; null where it is not what Confluent's tools take. */
export function parseAclFilters(text: string): AclFilter[] | null {
  return parseRows(text, 'aclFilters', filterOf)
}

/** Whether one of the filters names it. */
export function namesAcl(filters: readonly AclFilter[], acl: AclBinding): boolean {
  const fields = ['resource', 'pattern', 'name', 'principal', 'operation', 'permission'] as const
  const host = acl.host ?? '*'
  return filters.some((filter) => {
    const isThere = filter.host === null || filter.host === host
    return isThere && fields.every((key) => filter[key] === null || filter[key] === acl[key])
  })
}

function filterOf(row: unknown): AclFilter | null {
  const fields = fieldsOf(row)
  const resource = fieldsOf(fields.get('resourceFilter'))
  const access = fieldsOf(fields.get('accessFilter'))
  if (resource.size === 0 || access.size === 0) return null
  const all = [...resource.values(), ...access.values()]
  // One wrong field refuses the whole setting: a filter that is half read would pass too much.
  if (!all.every((value) => typeof value === 'string')) return null
  return {
    resource: wordOf(resource, 'resourceType'),
    pattern: wordOf(resource, 'patternType'),
    name: textOf(resource, 'name'),
    principal: textOf(access, 'principal'),
    operation: wordOf(access, 'operation'),
    permission: wordOf(access, 'permissionType'),
    host: textOf(access, 'host'),
  }
}

function fieldsOf(value: unknown): Fields {
  const isObject = typeof value === 'object' && value !== null
  return new Map<string, unknown>(isObject ? Object.entries(value) : [])
}

function textOf(fields: Fields, key: string): string | null {
  const text = fields.get(key)
  return typeof text === 'string' ? text : null
}

/** Words are Kafka's in any case, and `any` is no word. */
function wordOf(fields: Fields, key: string): string | null {
  const word = textOf(fields, key)?.toUpperCase().replaceAll('-', '_') ?? 'ANY'
  return word === 'ANY' ? null : word
}
