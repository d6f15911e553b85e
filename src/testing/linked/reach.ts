// By which names clients reach their cluster: addresses of their own, a list with those of both
// clusters, or an endpoint that leads elsewhere from some moment on, where they begin again.

import fc from 'fast-check'
import type { ScenarioInput } from '../../scenario/document/document.ts'
import { choice, chosen, seldom, sometimes, time } from '../plain.ts'
import type { Layout } from './links.ts'
import type { Step } from './mirror-orders.ts'

type Runbook = NonNullable<ScenarioInput['runbooks']>[number]

const ENDPOINT = 'front'
const HOP = '500us'

export const reach = seldom(
  fc.record({
    kind: fc.constantFrom('dns', 'load-balancer', 'gateway', 'seeds'),
    link: choice,
    ttlMs: fc.constantFrom(1_000, 5_000),
    isProxied: fc.boolean(),
    flipPercent: sometimes(fc.integer({ min: 30, max: 80 })),
  }),
)
type ReachChoices = NonNullable<typeof reach extends fc.Arbitrary<infer T> ? T : never>

interface Client {
  readonly name: string
  readonly bootstrap?: string | readonly string[] | undefined
}

/** What is written of it, entry by entry of the file. */
export interface Reach {
  readonly endpoints: Pick<ScenarioInput, 'endpoints'>
  /** Of a client that works with a cluster. */
  readonly bootstrapOf: (
    cluster: string | undefined,
    isProducer: boolean,
  ) => { bootstrap?: string[] }
  readonly runbooks: (clients: readonly Client[], loadMs: number) => Runbook[]
}

const NONE: Reach = { endpoints: {}, bootstrapOf: () => ({}), runbooks: () => [] }

/**
 * What endpoints, clients and runbooks have to say about it; nothing without links, or where two
 * links share a name to and fro.
 */
export function reachOf(of: ReachChoices | undefined, { links, isEcho }: Layout): Reach {
  if (of === undefined || links.length === 0 || isEcho) return NONE
  const { from, to } = chosen(links, of.link)
  const isSeeds = of.kind === 'seeds'
  const bootstrap = isSeeds ? [from, to] : [ENDPOINT]
  return {
    endpoints: isSeeds ? {} : { endpoints: { [ENDPOINT]: endpointOf(of, from) } },
    // A producer that goes over takes its id along, which is somebody else's there: what it is told
    // of its records then is worth nothing, and no claim is made that it could contradict.
    bootstrapOf: (cluster, isProducer) =>
      cluster !== from || (isProducer && of.kind !== 'dns') ? {} : { bootstrap },
    runbooks: (clients, loadMs) => {
      if (of.flipPercent === undefined || isSeeds) return []
      const named = clients.filter((one) => one.bootstrap?.includes(ENDPOINT))
      const at = Math.floor((loadMs * of.flipPercent) / 100)
      return [
        flip(
          of,
          to,
          named.map(({ name }) => name),
          at,
        ),
      ]
    },
  }
}

function endpointOf({ kind, ttlMs, isProxied }: ReachChoices, cluster: string) {
  const at = { cluster, ttl: time(ttlMs) }
  if (kind === 'dns') return { kind, ...at }
  const proxied = isProxied ? { proxy: { hop: HOP } } : {}
  return { kind: kind === 'gateway' ? kind : ('load-balancer' as const), ...at, ...proxied }
}

/** Whoever looks a name up comes to the other side when it begins again; it is made to. */
function flip({ kind }: ReachChoices, to: string, clients: readonly string[], at: number): Runbook {
  const restart: Step[] =
    kind === 'dns' && clients.length > 0
      ? [{ 'move-clients': { clients, how: 'kill', restart: ['1s', '6s'] } }]
      : []
  return {
    name: 'flip',
    detect: { at: time(at) },
    steps: [{ repoint: { endpoint: ENDPOINT, to } }, ...restart],
  }
}
