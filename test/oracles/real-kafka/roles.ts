// Who is meant: nodes, hosts and regions of an experiment are given by number or name, or by role.

import type { Host } from '../../../src/sim/host.ts'
import { ExperimentError } from './experiment-parts.ts'
import type { Rig } from './rig.ts'

/** What roles refer to in one run. */
export interface Cast {
  readonly rig: Rig
  /** Active controller at the time of the fault. */
  readonly active: number
  /** Every region in order: r1, r2, … */
  readonly regions: readonly string[]
  /** Hosts of the file on which a client may run; one without a client is not in the network. */
  readonly clientHosts?: ReadonlySet<string>
}

/** Region of a node; where there is no such node, none. */
function homeOf({ rig }: Cast, node: number): string {
  return rig.simulation.cluster.nodes.get(node)?.process.host.zone.region.name ?? ''
}

/**
 * 'active-controller', 'active-controller-region', 'next-region', 'third-region', or a name, with
 * 'region:' before it or without.
 */
export function regionBy(cast: Cast, word: string): string {
  const place = word.startsWith('region:') ? word.slice('region:'.length) : word
  const home = homeOf(cast, cast.active)
  const after = (n: number) => {
    const i = cast.regions.indexOf(home)
    return cast.regions[(i + n) % cast.regions.length] ?? home
  }
  switch (place) {
    case 'active-controller':
    case 'active-controller-region':
      return home
    case 'next-region':
      return after(1)
    case 'third-region':
      return after(2)
    default:
      return place
  }
}

type Role = 'broker' | 'controller'

/** 'active-controller', 'region:r1' (all of its nodes), 'broker:next-region', 'host:h1'. */
export function nodesBy(cast: Cast, word: number | string): number[] {
  const { nodes } = cast.rig.simulation.cluster
  if (typeof word === 'number') return [word]
  if (word === 'active-controller') return [cast.active]
  const [what = '', place = ''] = word.split(':')
  const all = [...nodes.values()]
  const at = (region: string) => all.filter((node) => node.process.host.zone.region.name === region)
  const playing = (role: Role) =>
    at(regionBy(cast, place)).filter(({ config }) => config.roles.includes(role))
  switch (what) {
    case 'broker':
    case 'controller':
      return idsOf(playing(what), word)
    case 'region':
      return idsOf(at(regionBy(cast, place)), word)
    case 'host': {
      const hosts = hostsBy(cast, word)
      return idsOf(
        all.filter((node) => hosts.includes(node.process.host)),
        word,
      )
    }
    default:
      return idsOf(
        all.filter(({ process }) => process.host.name === word),
        word,
      )
  }
}

function idsOf(nodes: readonly { readonly id: number }[], word: string): number[] {
  if (nodes.length === 0) throw new ExperimentError(`there is no node "${word}"`)
  return nodes.map(({ id }) => id)
}

/** The one broker that a replica list means. */
export function brokerBy(cast: Cast, word: number | string): number {
  const [first] = nodesBy(cast, word)
  if (first === undefined) throw new ExperimentError(`there is no broker "${word}"`)
  return first
}

/** A host's name, 'host:active-controller', or 'region:r1' for all hosts of a region. */
export function hostsBy(cast: Cast, word: string): Host[] {
  const { world, cluster } = cast.rig.simulation
  const known = world.hosts.get(word)
  if (known !== undefined) return [known]
  if (cast.clientHosts?.has(word) === true) return []
  const [what, place = ''] = word.split(':')
  if (what === 'region') {
    const region = regionBy(cast, place)
    return [...world.hosts.values()].filter((host) => host.zone.region.name === region)
  }
  if (what === 'host') {
    const node = place === 'active-controller' ? cluster.nodes.get(cast.active) : undefined
    const host = node?.process.host ?? world.hosts.get(place)
    if (host !== undefined) return [host]
  }
  if (what === 'broker' || what === 'controller' || word === 'active-controller') {
    return nodesBy(cast, word).flatMap((id) => cluster.nodes.get(id)?.process.host ?? [])
  }
  throw new ExperimentError(`there is no host "${word}"`)
}
