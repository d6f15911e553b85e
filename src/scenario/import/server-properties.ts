// server.properties, one file a node: its roles, its id, its rack and its settings.

import type { NodeRole } from '../model.ts'
import { type Draft, nameFrom, REGION, takeSettings } from './draft.ts'
import type { Source } from './source.ts'

const LAYOUT = [
  ...['node.id', 'broker.id', 'process.roles', 'broker.rack'],
  ...['controller.quorum.voters', 'controller.quorum.bootstrap.servers'],
]

/** Reads one node, and of the voters that it names those that no file describes. */
export function importServerProperties(
  draft: Draft,
  sources: readonly Source[],
  cluster: string,
): void {
  const ids = new Map<number, number>()
  for (const source of sources) takeNode(draft, source, cluster, ids)
  for (const source of sources) {
    takeVoters(draft, source, cluster, ids)
    draft.leaveRest(source, 'a scenario does not say it')
  }
}

/** The addresses that clients know a server by. */
export function nodeConfigs(source: Source): string[] {
  return ['advertised.listeners', 'listeners'].map((key) => String(source.look(key) ?? ''))
}

/** @param ids of this cluster: those of the files, with those that they have here */
function takeNode(draft: Draft, source: Source, cluster: string, ids: Map<number, number>): void {
  const written = source.takeCount('node.id') ?? source.takeCount('broker.id')
  if (written === null) {
    source.fail([], 'the file has no node.id', 'write node.id=1, as every server has one')
  }
  if (ids.has(written)) {
    source.fail(['node.id'], `node ${written} is there already`, 'give each server its own node.id')
  }
  const id = draft.idFor(cluster, written)
  ids.set(written, id)
  const rack = source.takeText('broker.rack')
  const place = placeOf(draft, cluster, rack)
  draft.assumed.push(`node ${id}: ${place.told}`)
  const roles = rolesOf(draft, source)
  const names = source.keys().filter((name) => !LAYOUT.includes(name))
  const config = takeSettings(draft, source, [], 'broker', names)
  const { region, zone } = place
  draft.nodes.push({ cluster, id, written, roles, region, zone, rack, config, pool: null })
}

/** Racks of one cluster are the regions it spans; linked clusters have a region each. */
function placeOf(draft: Draft, cluster: string, rack: string | null) {
  const home = draft.homeOf(cluster)
  if (rack === null) {
    return { region: home, zone: null, told: `no broker.rack, so it stands in ${home}` }
  }
  if (home === REGION)
    return { region: nameFrom(rack), zone: null, told: `rack ${rack} is a region` }
  const zone = nameFrom(rack)
  return { region: home, zone, told: `rack ${rack} is a zone of region ${home}` }
}

function rolesOf(draft: Draft, source: Source): NodeRole[] {
  const text = source.takeText('process.roles')
  if (text === null) {
    draft.assumed.push(`${source.file}: no process.roles; ZooKeeper mode is not modelled, a broker`)
    return ['broker']
  }
  const roles = text.split(',').map((role) => role.trim())
  const known = roles.filter((role): role is NodeRole => role === 'broker' || role === 'controller')
  if (known.length === roles.length) return known
  const fix = 'write broker, controller or broker,controller'
  return source.fail(['process.roles'], 'not the roles of a server', fix)
}

/** '1@host:9093,2@host:9093': voters without a file become controllers of their own. */
function takeVoters(draft: Draft, source: Source, cluster: string, ids: Map<number, number>): void {
  source.take('controller.quorum.bootstrap.servers')
  const text = source.takeText('controller.quorum.voters')
  if (text === null || text === '') return
  for (const voter of text.split(',')) {
    const written = /^\s*(\d{1,4})@\S+$/.exec(voter)?.[1]
    if (written === undefined) {
      const fix = 'write id@host:port,id@host:port'
      source.fail(['controller.quorum.voters'], 'not a list of voters', fix)
    }
    if (ids.has(Number(written))) continue
    const region = draft.homeOf(cluster)
    const id = draft.idFor(cluster, Number(written))
    ids.set(Number(written), id)
    const node = { cluster, id, roles: ['controller'] as const, region, zone: null }
    draft.nodes.push({ ...node, written: Number(written), rack: null, config: {}, pool: null })
    draft.assumed.push(`voter ${id} of ${source.file} has no file here, so it stands in ${region}`)
  }
}
