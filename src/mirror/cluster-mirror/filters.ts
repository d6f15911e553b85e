// Models: what a cluster mirror takes of its source: topics, groups, topic settings, access control
// lists, each by a list of patterns.
// Leaves out: what Java's regular expressions have and JavaScript's have not.
// Source: KIP-1279 and its implementation of 2026 (ClusterMirrorConfig, MirrorUtils.AclRule).

import type { AclBinding } from '../../kafka/metadata/acls.ts'
import type { ClusterMirrorSettings } from '../../kafka/settings/modelled.ts'
import { NameFilter } from '../mirror-maker2/name-filter.ts'

/** Whatever is not named is every one. */
const ANY = '*'

export interface MirrorFilters {
  /** Null: topics are mirrored that somebody starts, and no others. */
  readonly topics: ((topic: string) => boolean) | null
  readonly groups: (group: string) => boolean
  readonly settings: (name: string) => boolean
  readonly acls: (acl: AclBinding) => boolean
}

/** @throws SyntaxError where a list is no regular expression */
export function mirrorFilters(settings: ClusterMirrorSettings): MirrorFilters {
  const include = settings['mirror.topics.include']
  const topics = new NameFilter(include, settings['mirror.topics.exclude'])
  const groups = new NameFilter(
    settings['mirror.groups.include'],
    settings['mirror.groups.exclude'],
  )
  const rules = aclRules(settings['mirror.acl.include'])
  return {
    topics: include === '' ? null : (topic) => topics.accepts(topic),
    groups: (group) => groups.accepts(group),
    settings: takesSetting(settings['mirror.topic.properties.exclude']),
    acls: (acl) => rules.some((rule) => rule(acl)),
  }
}

/** Which settings a mirror takes over, by mirror.topic.properties.exclude. */
export function takesSetting(exclude: string): (name: string) => boolean {
  const excluded = new NameFilter(exclude, '')
  return (name) => !excluded.accepts(name)
}

/** Rules between commas: resourceType;resourceName;operation;permissionType;principal. */
function aclRules(list: string): ((acl: AclBinding) => boolean)[] {
  const texts = list.split(',').map((text) => text.trim())
  return texts.filter((text) => text !== '').map(aclRule)
}

function aclRule(text: string): (acl: AclBinding) => boolean {
  const [type = ANY, name = ANY, operation = ANY, permission = ANY, principal = ANY] = text
    .split(';')
    .map((field) => field.trim())
  const names = new NameFilter(name === ANY ? '.*' : name, '')
  const is = (field: string, value: string) => {
    return field === ANY || field.toUpperCase() === value.toUpperCase()
  }
  return (acl) =>
    is(type, acl.resource) &&
    names.accepts(acl.name) &&
    is(operation, acl.operation) &&
    is(permission, acl.permission) &&
    (principal === ANY || principal === acl.principal)
}
