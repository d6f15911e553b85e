// Whom a fault hits, as words: 'broker-1', 'region eu', 'active controller', 'leader of orders-0',
// 'brokers of region of active controller'. Names are fixed; roles are resolved when the fault
// strikes.

import { z } from 'zod'

export type Target =
  | { readonly kind: 'process'; readonly name: string }
  | { readonly kind: Place; readonly name: string }
  /** `cluster` null: of the first one. */
  | { readonly kind: 'active-controller'; readonly cluster: string | null }
  | { readonly kind: 'cluster'; readonly name: string }
  | { readonly kind: 'leader' | 'followers'; readonly topic: string; readonly partition: number }
  | { readonly kind: 'coordinator'; readonly group: string }
  | { readonly kind: 'every'; readonly what: Populace }
  | { readonly kind: 'part'; readonly what: Place | Populace; readonly of: Target }
  | { readonly kind: 'region-after' | 'one'; readonly of: Target }
  | { readonly kind: 'rest' }
  | { readonly kind: 'same' }
  | { readonly kind: 'all-of'; readonly targets: readonly Target[] }

export type Place = 'host' | 'zone' | 'region'
export type Populace =
  | 'brokers'
  | 'controllers'
  | 'nodes'
  | 'producers'
  | 'consumers'
  | 'clients'
  | 'gateways'

const PLACES: readonly string[] = ['host', 'zone', 'region'] satisfies Place[]
const POPULACES: readonly string[] = [
  'brokers',
  'controllers',
  'nodes',
  'producers',
  'consumers',
  'clients',
  'gateways',
] satisfies Populace[]

const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,120}$/
const CLUSTER = '[A-Za-z0-9][A-Za-z0-9_.-]{0,59}'
const TOPIC = `(?:${CLUSTER}:)?[A-Za-z0-9._-]{1,200}`
const PARTITION = new RegExp(`^(leader|followers) of (${TOPIC})-(\\d{1,6})$`)
const COORDINATOR = new RegExp(`^coordinator of (${TOPIC})$`)
const CONTROLLER = new RegExp(`^active controller(?: of cluster (${CLUSTER}))?$`)
const MEMBERS = new RegExp(`^cluster (${CLUSTER})$`)
const COLON = new RegExp(`\\b(${[...PLACES, ...POPULACES, 'leader'].join('|')}): ?`, 'g')
const IN = new RegExp(`\\b(${POPULACES.join('|')}) in `, 'g')
const DEPTH_MAX = 6

/** The forms a target can take, for messages. */
const TARGET_FORMS =
  'a process ("broker-1"), "host H", "zone Z", "region R", "cluster C", "active controller", ' +
  '"leader of TOPIC-0", "followers of TOPIC-0", "coordinator of GROUP", "brokers", ' +
  '"brokers of region R", "brokers of cluster C", "active controller of cluster C", ' +
  '"gateways of region R", ' +
  '"region of active controller", "region after region of leader of TOPIC-0", "one of brokers", ' +
  '"A and B", "rest" or "same"'

/** The target a text names, or null. 'region:eu' and 'region eu' are the same. */
export function parseTarget(text: string, depth = 0): Target | null {
  if (depth > DEPTH_MAX || text.length > 400) return null
  const words = normalise(text)
  const list = words.split(' and ')
  if (list.length > 1) return parseList(list, depth)
  const controller = CONTROLLER.exec(words)
  if (controller !== null) return { kind: 'active-controller', cluster: controller[1] ?? null }
  const cluster = MEMBERS.exec(words)?.[1]
  if (cluster !== undefined) return { kind: 'cluster', name: cluster }
  if (words === 'rest' || words === 'same') return { kind: words }
  if (isPopulace(words)) return { kind: 'every', what: words }
  const partition = PARTITION.exec(words)
  if (partition !== null) {
    const kind = partition[1] === 'leader' ? 'leader' : 'followers'
    return { kind, topic: partition[2] ?? '', partition: Number(partition[3]) }
  }
  const group = COORDINATOR.exec(words)?.[1]
  if (group !== undefined) return { kind: 'coordinator', group }
  return parseRelation(words, depth)
}

function parseRelation(words: string, depth: number): Target | null {
  if (words.startsWith('region after ')) {
    const of = parseTarget(words.slice('region after '.length), depth + 1)
    return of === null ? null : { kind: 'region-after', of }
  }
  if (words.startsWith('one of ')) {
    const of = parseTarget(words.slice('one of '.length), depth + 1)
    return of === null ? null : { kind: 'one', of }
  }
  const [head = '', ...rest] = words.split(' ')
  if ((isPlace(head) || isPopulace(head)) && rest[0] === 'of') {
    const of = parseTarget(rest.slice(1).join(' '), depth + 1)
    return of === null ? null : { kind: 'part', what: head, of }
  }
  if (isPlace(head) && rest.length === 1) {
    return NAME.test(rest[0] ?? '') ? { kind: head, name: rest[0] ?? '' } : null
  }
  return rest.length === 0 && NAME.test(head) && !isPlace(head) && head !== 'one'
    ? { kind: 'process', name: head }
    : null
}

function parseList(list: readonly string[], depth: number): Target | null {
  const targets = list.map((one) => parseTarget(one, depth + 1))
  const known = targets.filter((one) => one !== null)
  return known.length === targets.length && known.length <= 32
    ? { kind: 'all-of', targets: known }
    : null
}

/** The names that a target mentions, so that a file's references can be checked. */
export function namesIn(target: Target): readonly { kind: string; name: string }[] {
  switch (target.kind) {
    case 'process':
    case 'host':
    case 'zone':
    case 'region':
    case 'cluster':
      return [{ kind: target.kind, name: target.name }]
    case 'active-controller':
      return target.cluster === null ? [] : [{ kind: 'cluster', name: target.cluster }]
    case 'leader':
    case 'followers':
      return [{ kind: 'partition', name: `${target.topic}-${target.partition}` }]
    case 'coordinator':
      return [{ kind: 'group', name: target.group }]
    case 'part':
    case 'region-after':
    case 'one':
      return namesIn(target.of)
    case 'all-of':
      return target.targets.flatMap(namesIn)
    default:
      return []
  }
}

function normalise(text: string): string {
  return text
    .trim()
    .replace(/\bactive-controller\b/g, 'active controller')
    .replace(COLON, '$1 ')
    .replace(/\b(leader|followers) (?!of )/g, '$1 of ')
    .replace(
      /\b(region|zone|host|brokers|controllers|nodes|clients) (?=active controller)/g,
      '$1 of ',
    )
    .replace(IN, '$1 of ')
    .replace(/\bthe /g, '')
    .replace(/\s+/g, ' ')
}

function isPlace(word: string): word is Place {
  return PLACES.includes(word)
}

function isPopulace(word: string): word is Populace {
  return POPULACES.includes(word)
}

/** A target in a file. */
export const target = z
  .string({ error: 'expected a target' })
  .meta({ description: `Whom it hits: ${TARGET_FORMS}` })
  .transform((input, context): Target => {
    const parsed = parseTarget(input)
    if (parsed !== null) return parsed
    context.issues.push({
      code: 'custom',
      message: `"${input.slice(0, 60)}" names no target`,
      input,
      params: { fix: `write ${TARGET_FORMS}` },
    })
    return z.NEVER
  })
