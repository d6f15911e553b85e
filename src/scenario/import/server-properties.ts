// server.properties, one file a node: its roles, its id, its rack and its settings.

import type { NodeRole } from '../model.ts'
import { type Draft, nameFrom, REGION, takeSettings } from './draft.ts'
import { type ImportFile, Source } from './source.ts'

const LAYOUT = [
  ...['node.id', 'broker.id', 'process.roles', 'broker.rack'],
  ...['controller.quorum.voters', 'controller.quorum.bootstrap.servers'],
]

/** A Java properties file as a source: keys to texts. */
export function propertiesSource({ path, text }: ImportFile): Source {
  const values: Record<string, string> = {}
  const lines: Record<string, number> = {}
  let joined = ''
  let first = 0
  text.split(/\r?\n/).forEach((line, index) => {
    const isNew = joined === ''
    if (isNew && /^\s*([#!]|$)/.test(line)) return
    if (isNew) first = index + 1
    joined += line.trimStart()
    if (/(^|[^\\])(\\\\)*\\$/.test(joined)) {
      joined = joined.slice(0, -1)
      return
    }
    const [, key = '', value = ''] = /^((?:\\.|[^=:\s\\])+)\s*[=:]?\s*(.*)$/.exec(joined) ?? []
    values[key.replace(/\\(.)/g, '$1')] = value.trim().replace(/\\(.)/g, '$1')
    lines[key] = first
    joined = ''
  })
  return new Source(path, values, ([key]) => lines[String(key ?? '')] ?? 0)
}

/** Reads one node, and of the voters that it names those that no file describes. */
export function importServerProperties(draft: Draft, sources: readonly Source[]): void {
  for (const source of sources) takeNode(draft, source)
  for (const source of sources) takeVoters(draft, source)
}

function takeNode(draft: Draft, source: Source): void {
  const id = source.takeCount('node.id') ?? source.takeCount('broker.id')
  if (id === null) {
    source.fail([], 'the file has no node.id', 'write node.id=1, as every server has one')
  }
  if (draft.nodes.some((node) => node.id === id)) {
    source.fail(['node.id'], `node ${id} is there already`, 'give each server its own node.id')
  }
  const rack = source.takeText('broker.rack')
  const region = rack === null ? REGION : nameFrom(rack)
  const told =
    rack === null ? `no broker.rack, so it stands in ${REGION}` : `rack ${rack} is a region`
  draft.assumed.push(`node ${id}: ${told}`)
  const roles = rolesOf(draft, source)
  const names = source.keys().filter((name) => !LAYOUT.includes(name))
  const config = takeSettings(draft, source, [], 'broker', names)
  draft.nodes.push({ id, roles, region, zone: null, rack, config, pool: null })
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
function takeVoters(draft: Draft, source: Source): void {
  source.take('controller.quorum.bootstrap.servers')
  const text = source.takeText('controller.quorum.voters')
  if (text === null || text === '') return
  for (const voter of text.split(',')) {
    const id = /^\s*(\d{1,4})@\S+$/.exec(voter)?.[1]
    if (id === undefined) {
      const fix = 'write id@host:port,id@host:port'
      source.fail(['controller.quorum.voters'], 'not a list of voters', fix)
    }
    if (draft.nodes.some((node) => node.id === Number(id))) continue
    const node = { id: Number(id), roles: ['controller'] as const, region: REGION, zone: null }
    draft.nodes.push({ ...node, rack: null, config: {}, pool: null })
    draft.assumed.push(`voter ${id} of ${source.file} has no file here, so it stands in ${REGION}`)
  }
}
