// Clusters with an authorizer, links that come as a principal of their own, and a right that
// somebody takes away from one of them for a while.

import fc from 'fast-check'
import type { ScenarioInput } from '../../scenario/document/document.ts'
import type { FaultInput } from '../../scenario/topologies/topology.ts'
import { choice, chosen, seldom, time } from '../plain.ts'
import type { LinkInput } from './edge.ts'
import type { Layout } from './links.ts'

const AUTHORIZER = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'
const PRINCIPAL = 'User:link'

export const revoked = seldom(
  fc.record({ link: choice, atPercent: fc.nat(80), forMs: fc.integer({ min: 1, max: 15_000 }) }),
)
export type Revoked = typeof revoked extends fc.Arbitrary<infer T> ? T : never

type Clusters = NonNullable<ScenarioInput['clusters']>

/** Whoever is not a link may do everything, and so may links at first. */
export function secured(clusters: Clusters): Clusters {
  const all = { principal: PRINCIPAL, operations: ['ALL' as const] }
  const acls = [
    { ...all, topic: '*' },
    { ...all, group: '*' },
    { ...all, cluster: true as const },
  ]
  return Object.fromEntries(
    Object.entries(clusters).map(([name, cluster]) => {
      const rules = { 'authorizer.class.name': AUTHORIZER, 'super.users': 'User:ANONYMOUS' }
      return [name, { ...cluster, config: { ...cluster.config, ...rules }, acls }]
    }),
  )
}

/** All links come as the same principal, so one right taken away is felt by each. */
export function asPrincipal(links: readonly LinkInput[]): LinkInput[] {
  return links.map((link) => ({ ...link, principal: PRINCIPAL }))
}

/** One link may not write its copies, and may again when the denial is gone; a mirror not read. */
export function revocations(
  { link: number, atPercent, forMs }: NonNullable<Revoked>,
  { links }: Layout,
  loadMs: number,
): FaultInput[] {
  if (links.length === 0) return []
  const { from, to, system } = chosen(links, number)
  const isMirror = system === 'cluster-link' || system === 'cluster-mirror'
  const order = {
    cluster: isMirror ? from : to,
    acls: [
      {
        ...{ principal: PRINCIPAL, topic: '*', permission: 'DENY' as const },
        operations: [isMirror ? ('READ' as const) : ('WRITE' as const)],
      },
    ],
  }
  const at = Math.floor((loadMs * atPercent) / 100)
  return [
    { at: time(at), 'create-acls': order },
    { at: time(Math.min(at + forMs, loadMs - 1)), 'delete-acls': order },
  ]
}
