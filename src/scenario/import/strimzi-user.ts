// Strimzi's KafkaUser: its access control lists, under the name that its authentication gives it,
// and the authorizer of its cluster.

import type { Draft, Settings } from './draft.ts'
import type { Source } from './source.ts'

/** What a scenario's `acls` can be about, by Strimzi's words. */
const RESOURCES = ['topic', 'group', 'cluster'] as const
const CERTIFICATES = ['tls', 'tls-external']

/** Broker settings of `authorization: simple`; none where the cluster authorizes nobody. */
export function authorizerOf(kafka: Source): Settings {
  const at = ['spec', 'kafka', 'authorization']
  if (kafka.look(...at, 'type') !== 'simple') return {}
  kafka.take(...at, 'type')
  const users = kafka.take(...at, 'superUsers')
  const names = Array.isArray(users) ? users.map((user) => `User:${user}`) : []
  return {
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    ...(names.length > 0 ? { 'super.users': names.join(';') } : {}),
  }
}

/** Reads one resource; what its quotas say is left out, and lists that nobody obeys. */
export function takeUser(draft: Draft, user: Source, cluster: string, isAuthorized: boolean): void {
  const name = user.takeText('metadata', 'name') ?? 'user'
  const authentication = user.takeText('spec', 'authentication', 'type') ?? ''
  const principal = `User:${CERTIFICATES.includes(authentication) ? 'CN=' : ''}${name}`
  user.takeText('spec', 'authorization', 'type')
  const at = ['spec', 'authorization', 'acls']
  if (!isAuthorized && user.keys(...at).length > 0) {
    draft.leave(user, at, 'nobody obeys them: its Kafka has no authorization of type simple')
    user.take(...at)
    return
  }
  for (const index of user.keys(...at)) {
    takeAcl(draft, user, [...at, Number(index)], { principal, cluster })
  }
}

function takeAcl(
  draft: Draft,
  user: Source,
  at: readonly (string | number)[],
  { principal, cluster }: { readonly principal: string; readonly cluster: string },
): void {
  const type = String(user.look(...at, 'resource', 'type') ?? '')
  const resource = RESOURCES.find((one) => one === type)
  if (resource === undefined) {
    draft.leave(user, [...at, 'resource', 'type'], `${type}: a scenario has no lists of these`)
    user.take(...at)
    return
  }
  user.take(...at, 'resource', 'type')
  const name = user.takeText(...at, 'resource', 'name')
  const pattern = user.takeText(...at, 'resource', 'patternType') ?? 'literal'
  const operations = operationsOf(user, at)
  const permission = user.takeText(...at, 'type') ?? 'allow'
  const host = user.takeText(...at, 'host') ?? '*'
  draft.acls.push({
    cluster,
    rule: {
      principal,
      [resource]: resource === 'cluster' ? true : (name ?? '*'),
      operations,
      ...(pattern === 'prefix' ? { patternType: 'PREFIXED' } : {}),
      ...(permission === 'deny' ? { permission: 'DENY' } : {}),
      ...(host === '*' ? {} : { host }),
    },
  })
}

/** `operations`, or the one `operation` of older files: 'DescribeConfigs' is DESCRIBE_CONFIGS. */
function operationsOf(user: Source, at: readonly (string | number)[]): string[] {
  const several = user.take(...at, 'operations')
  const one = user.takeText(...at, 'operation')
  const words = Array.isArray(several) ? several.map(String) : one === null ? [] : [one]
  if (words.length === 0) {
    user.fail([...at, 'operations'], 'no operations', 'write operations: [Read, Describe]')
  }
  return words.map((word) => word.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase())
}
