// Access control lists as kafka-acls takes them: the words of a file.

import { z } from 'zod'

const NAME_MAX = 249
const LISTS_MAX = 1_000
const PRINCIPAL_MAX = 300
const name = z.string().min(1).max(NAME_MAX)

const operation = z.enum([
  'ALL',
  'READ',
  'WRITE',
  'CREATE',
  'DELETE',
  'ALTER',
  'DESCRIBE',
  'CLUSTER_ACTION',
  'DESCRIBE_CONFIGS',
  'ALTER_CONFIGS',
  'IDEMPOTENT_WRITE',
])

/** As Kafka names whoever does not say who he is. */
export const ANONYMOUS = 'User:ANONYMOUS'

/** Whom a client or a rule means: 'User:shop'. */
export const principal = z
  .string({ error: 'expected a principal' })
  .max(PRINCIPAL_MAX)
  .regex(/^[A-Za-z]+:.+$/, 'a principal is a type and a name: User:shop')

const entry = z
  .strictObject({
    principal: principal.meta({ description: 'User:NAME, or User:* for everybody.' }),
    operations: z.array(operation).min(1).max(operation.options.length),
    topic: name.optional().meta({ description: 'Name or prefix; "*": every topic.' }),
    group: name.optional().meta({ description: 'Name or prefix; "*": every group.' }),
    cluster: z.literal(true).optional().meta({ description: 'The resource kafka-cluster.' }),
    patternType: z.enum(['LITERAL', 'PREFIXED']).default('LITERAL'),
    permission: z.enum(['ALLOW', 'DENY']).default('ALLOW'),
    host: name.default('*').meta({ description: 'Host of the client, by its name; "*": any.' }),
  })
  .transform((given, context) => {
    const { principal, operations, patternType: pattern, permission } = given
    const host = given.host === '*' ? undefined : given.host
    const resource = resourceOf(given)
    if (resource !== null) {
      return operations.map((operation) => {
        return { ...resource, pattern, principal, operation, permission, host }
      })
    }
    const message = 'an entry is about one resource'
    const fix = 'write one of topic: NAME, group: NAME and cluster: true'
    context.issues.push({ code: 'custom', message, input: given, params: { fix } })
    return z.NEVER
  })

interface Resources {
  readonly topic?: string | undefined
  readonly group?: string | undefined
  readonly cluster?: true | undefined
}

function resourceOf({ topic, group, cluster }: Resources) {
  const named = [topic, group, cluster].filter((one) => one !== undefined)
  if (named.length !== 1) return null
  if (topic !== undefined) return { resource: 'TOPIC', name: topic } as const
  if (group !== undefined) return { resource: 'GROUP', name: group } as const
  return { resource: 'CLUSTER', name: 'kafka-cluster' } as const
}

/** Entries of a file, one operation each. */
export const acls = z
  .array(entry)
  .max(LISTS_MAX)
  .transform((entries) => entries.flat())
  .meta({ description: 'Who may do what, as kafka-acls --add takes it.' })

export type AclRule = z.output<typeof acls>[number]
