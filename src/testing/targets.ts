// Whom a fault hits, in every form that a target can take.

import type { PlacedNode } from './cluster.ts'
import { type Geography, regionNames, zoneNames } from './geography.ts'
import { chosen } from './plain.ts'

/** Everything in a scenario that a fault can name. */
export interface Layout {
  readonly geography: Geography
  readonly nodes: readonly PlacedNode[]
  readonly clients: readonly string[]
  readonly topics: readonly { readonly name: string; readonly partitions: number }[]
  readonly isConfluent: boolean
}

/** Three numbers pick a form of target and the names in it; zeros are the first broker. */
export type Picks = readonly [form: number, name: number, other: number]

type Form = (layout: Layout, name: number, other: number) => string

const FORMS: readonly Form[] = [
  ({ nodes }, name) => chosen(nodes, name).name,
  (layout, name) => `leader of ${partitionText(layout, name)}`,
  (layout, name) => `followers of ${partitionText(layout, name)}`,
  () => 'active controller',
  ({ geography }, name) => `region ${chosen(regionNames(geography), name)}`,
  ({ geography }, name) => `zone ${chosen(zoneNames(geography), name)}`,
  ({ nodes }, name) => `host host-${chosen(nodes, name).name}`,
  (_, name) => `one of ${chosen(['brokers', 'controllers', 'nodes'], name)}`,
  ({ geography }, name, other) => {
    const what = chosen(['brokers', 'nodes', 'clients'], other)
    return `${what} of region ${chosen(regionNames(geography), name)}`
  },
  (layout, name) => `region of leader of ${partitionText(layout, name)}`,
  () => 'region of active controller',
  ({ nodes }, name, other) => {
    const [a, b] = [chosen(nodes, name).name, chosen(nodes, other).name]
    return a === b ? a : `${a} and ${b}`
  },
  (layout, name) => `region after region of leader of ${partitionText(layout, name)}`,
  (_, name) => chosen(['brokers', 'controllers', 'nodes', 'clients'], name),
  ({ clients, nodes }, name) => chosen([...clients, chosen(nodes, name).name], name),
  () => 'same',
]

/** Numbers of any size will do: each is taken modulo what there is to choose from. */
export function targetText(layout: Layout, [form, name, other]: Picks): string {
  return chosen(FORMS, form)(layout, name, other)
}

/** 'orders-0'. */
export function partitionText({ topics }: Layout, number: number): string {
  const { name, partitions } = chosen(topics, number)
  return `${name}-${Math.floor(number / topics.length) % partitions}`
}

/** Two sides of a cut; the second is often everybody else. */
export function sidesText(layout: Layout, a: Picks, b: Picks): [string, string] {
  const [first, second] = [targetText(layout, a), targetText(layout, b)]
  return [first, first === second || b[2] % 2 === 0 ? 'rest' : second]
}
