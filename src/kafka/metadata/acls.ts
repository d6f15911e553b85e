// Models: access control lists: what they say of one operation of one principal.
// Leaves out: groups of principals; transactional ids, tokens, users. Machines have names here and
// no addresses: what Kafka compares with a client's address is compared with its host's name.
// Source: StandardAuthorizerData (findResult), Authorizer.authorizeByResourceType; AclOperation.

export type AclResource = 'TOPIC' | 'GROUP' | 'CLUSTER'
export type AclPattern = 'LITERAL' | 'PREFIXED'
export type AclOperation =
  | 'ALL'
  | 'READ'
  | 'WRITE'
  | 'CREATE'
  | 'DELETE'
  | 'ALTER'
  | 'DESCRIBE'
  | 'CLUSTER_ACTION'
  | 'DESCRIBE_CONFIGS'
  | 'ALTER_CONFIGS'
  | 'IDEMPOTENT_WRITE'

export interface AclBinding {
  readonly resource: AclResource
  readonly pattern: AclPattern
  /** Name, prefix, or '*' for every name. */
  readonly name: string
  /** 'User:shop', or 'User:*' for everybody. */
  readonly principal: string
  readonly operation: AclOperation
  readonly permission: 'ALLOW' | 'DENY'
  /** The machine from which it is asked; absent: any, as '*' in Kafka. */
  readonly host?: string | undefined
}

/** Who asks, and from where. */
export interface Client {
  readonly principal: string
  readonly host: string
}

/** What somebody wants to do. */
export interface Action extends Client {
  readonly resource: AclResource
  readonly name: string
  readonly operation: AclOperation
}

export interface AuthorizerConfig {
  /** super.users */
  readonly superUsers: readonly string[]
  /** allow.everyone.if.no.acl.found */
  readonly allowEveryoneIfNoAclFound: boolean
}

/** The only name of a resource of type CLUSTER. */
export const CLUSTER_NAME = 'kafka-cluster'

const EVERY_NAME = '*'
const EVERYBODY = 'User:*'

/** To be allowed one of these is to be allowed to describe. */
const IMPLY_DESCRIBE: readonly AclOperation[] = ['READ', 'WRITE', 'DELETE', 'ALTER']

/** Equal bindings have equal keys. */
export function aclKey(acl: AclBinding): string {
  const { resource, pattern, name, principal, operation, permission, host = '*' } = acl
  return [resource, pattern, name, principal, operation, permission, host].join('\n')
}

/**
 * A denial beats every permission. Where no list is about the resource at all, the setting decides;
 * where some are, and none allows it, it is refused.
 */
export function isAllowed(
  acls: Iterable<AclBinding>,
  action: Action,
  config: AuthorizerConfig,
): boolean {
  if (config.superUsers.includes(action.principal)) return true
  let isAbout = false
  let allows = false
  for (const acl of acls) {
    if (!covers(acl, action)) continue
    isAbout = true
    if (!isOf(acl, action) || !concerns(acl, action.operation)) continue
    if (acl.permission === 'DENY') return false
    allows = true
  }
  return allows || (!isAbout && config.allowEveryoneIfNoAclFound)
}

/**
 * Whether there may be a resource of the type on which the operation is allowed: an idempotent
 * producer gets its id where it may write to any topic at all, whichever that is.
 */
export function isAllowedOnAny(
  acls: Iterable<AclBinding>,
  { principal, host, resource, operation }: Omit<Action, 'name'>,
  config: AuthorizerConfig,
): boolean {
  const all = [...acls]
  // A name that nobody has given a list: super users and the setting speak for themselves.
  const anything = { principal, host, resource, operation, name: 'hardcode' }
  if (isAllowed(all, anything, config)) return true
  const own = all.filter((acl) => {
    const isMeant = acl.operation === operation || acl.operation === 'ALL'
    return acl.resource === resource && isMeant && isOf(acl, { principal, host })
  })
  const denials = own.filter(({ permission }) => permission === 'DENY')
  if (denials.some(({ pattern, name }) => pattern === 'LITERAL' && name === EVERY_NAME))
    return false
  return own.some((acl) => {
    return acl.permission === 'ALLOW' && !denials.some((denial) => dominates(denial, acl))
  })
}

/** Whether a denial leaves nothing of a permission. */
function dominates(denial: AclBinding, { pattern, name }: AclBinding): boolean {
  if (pattern === 'LITERAL' && name === EVERY_NAME) return false
  if (denial.pattern === 'PREFIXED') return name.startsWith(denial.name)
  return pattern === 'LITERAL' && denial.name === name
}

function covers({ resource, pattern, name }: AclBinding, action: Action): boolean {
  if (resource !== action.resource) return false
  if (pattern === 'PREFIXED') return action.name.startsWith(name)
  return name === EVERY_NAME || name === action.name
}

function isOf(acl: AclBinding, { principal, host }: Client): boolean {
  if (acl.host !== undefined && acl.host !== host) return false
  return acl.principal === EVERYBODY || acl.principal === principal
}

function concerns({ operation, permission }: AclBinding, wanted: AclOperation): boolean {
  if (operation === 'ALL' || operation === wanted) return true
  if (permission === 'DENY') return false
  if (wanted === 'DESCRIBE') return IMPLY_DESCRIBE.includes(operation)
  return wanted === 'DESCRIBE_CONFIGS' && operation === 'ALTER_CONFIGS'
}
