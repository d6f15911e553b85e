// From words to machines: who a target is at the moment the fault strikes.

import type { Host } from '../sim/host.ts'
import type { Process } from '../sim/process.ts'
import type { Random } from '../sim/random.ts'
import type { World } from '../sim/world.ts'
import type { Affected, TargetResolver } from './fault.ts'
import type { Place, Populace, Target } from './target.ts'

export interface Sight {
  readonly world: World
  readonly resolver: TargetResolver
  readonly random: Random
  /** Whom the last strike before this one hit: what 'same' means. */
  readonly last: Affected
}

const NOBODY: Affected = { processes: [], hosts: [] }

/** Nobody holds the role, or nobody bears the name: both lists are empty. */
export function resolveTarget(sight: Sight, target: Target): Affected {
  const { world, resolver, random } = sight
  switch (target.kind) {
    case 'process':
      return byNames(world, [target.name])
    case 'host':
    case 'zone':
    case 'region':
      return byPlace(world, (host) => placeOf(host, target.kind) === target.name)
    case 'active-controller':
      return byNames(world, [resolver.activeController(target.cluster)])
    case 'cluster':
      return byNames(world, resolver.membersOf(target.name))
    case 'leader':
      return byNames(world, [resolver.leaderOf(target.topic, target.partition)])
    case 'followers': {
      const leader = resolver.leaderOf(target.topic, target.partition)
      const replicas = resolver.replicasOf(target.topic, target.partition)
      return byNames(
        world,
        replicas.filter((name) => name !== leader),
      )
    }
    case 'coordinator':
      return byNames(world, [resolver.coordinatorOf(target.group)])
    case 'every':
      return byNames(world, resolver.populace(target.what))
    case 'part':
      return partOf(sight, target.what, resolveTarget(sight, target.of))
    case 'region-after':
      return regionAfter(world, resolveTarget(sight, target.of))
    case 'one': {
      const { processes } = resolveTarget(sight, target.of)
      return processes.length === 0 ? NOBODY : byProcesses([random.pick(processes)])
    }
    case 'all-of':
      return union(target.targets.map((one) => resolveTarget(sight, one)))
    case 'same':
      return sight.last
    case 'rest':
      return NOBODY
  }
}

function byNames(world: World, names: readonly (string | null)[]): Affected {
  return byProcesses(
    names.flatMap((name) => (name === null ? [] : (world.processes.get(name) ?? []))),
  )
}

function byProcesses(processes: readonly Process[]): Affected {
  return { processes, hosts: [...new Set(processes.map(({ host }) => host))] }
}

function byPlace(world: World, isIn: (host: Host) => boolean): Affected {
  const hosts = [...world.hosts.values()].filter(isIn)
  const processes = [...world.processes.values()].filter(({ host }) => hosts.includes(host))
  return { processes, hosts }
}

function placeOf(host: Host, place: Place): string {
  if (place === 'host') return host.name
  return place === 'zone' ? host.zone.name : host.zone.region.name
}

/** 'region of …': the whole region; 'brokers of …': those that run in it. */
function partOf({ world, resolver }: Sight, what: Place | Populace, of: Affected): Affected {
  if (what === 'host' || what === 'zone' || what === 'region') {
    const places = new Set(of.hosts.map((host) => placeOf(host, what)))
    return byPlace(world, (host) => places.has(placeOf(host, what)))
  }
  const names = new Set(of.processes.map(({ name }) => name))
  return byNames(
    world,
    resolver.populace(what).filter((name) => names.has(name)),
  )
}

/** The next region in the world's order, the first after the last. */
function regionAfter(world: World, of: Affected): Affected {
  const region = of.hosts[0]?.zone.region
  const regions = [...world.regions.values()]
  if (region === undefined) return NOBODY
  const next = regions[(regions.indexOf(region) + 1) % regions.length]
  return byPlace(world, (host) => host.zone.region === next)
}

function union(all: readonly Affected[]): Affected {
  return {
    processes: [...new Set(all.flatMap(({ processes }) => processes))],
    hosts: [...new Set(all.flatMap(({ hosts }) => hosts))],
  }
}
