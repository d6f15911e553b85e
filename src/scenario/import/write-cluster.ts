// The clusters of a draft as lines of a scenario, and the flows between them.

import { type Draft, type DraftNode, MARK, ONLY_CLUSTER, type Settings } from './draft.ts'
import { flow, marked, quoted } from './yaml-text.ts'

/** The only cluster, or several by name. */
export function clusterLines(
  draft: Draft,
  nodes: readonly DraftNode[],
  isStandIn: boolean,
): string[] {
  if (draft.aliases.length === 0) {
    return [
      marked('cluster:', isStandIn, ': no file described the nodes'),
      ...[...partsOf(nodes), ...aclLines(draft, ONLY_CLUSTER)].map((line) => `  ${line}`),
      '',
    ]
  }
  const lines = draft.aliases.flatMap((name) => {
    const own = nodes.filter((node) => node.cluster === name)
    const lines = [...partsOf(own), ...aclLines(draft, name)]
    return [`  ${quoted(name)}:`, ...lines.map((line) => `    ${line}`)]
  })
  return ['clusters:', ...lines, '']
}

function aclLines({ acls }: Draft, cluster: string): string[] {
  const own = acls.filter((acl) => acl.cluster === cluster)
  return own.length === 0 ? [] : ['acls:', ...own.map(({ rule }) => `  - ${flow(rule)}`)]
}

function partsOf(nodes: readonly DraftNode[]): string[] {
  const common = commonOf(nodes)
  const isBroker = ({ roles }: DraftNode) => roles.includes('broker')
  const controllers = nodes.filter((node) => !isBroker(node))
  const config = Object.entries(common).map(([name, value]) => `  ${name}: ${quoted(value)}`)
  return [
    'brokers:',
    ...nodes.filter(isBroker).map((node) => nodeLine(node, common)),
    ...(controllers.length > 0 ? ['controllers:'] : []),
    ...controllers.map((node) => nodeLine(node, common)),
    ...(config.length > 0 ? ['config:', ...config] : []),
  ]
}

function nodeLine(node: DraftNode, common: Settings): string {
  const { id, roles, region, zone, rack, config } = node
  const own = Object.entries(config).filter(([name]) => !(name in common))
  const parts = [
    `id: ${id}`,
    `region: ${quoted(region)}`,
    ...(zone === null ? [] : [`zone: ${quoted(zone)}`]),
    `rack: ${rack === null ? 'null' : quoted(rack)}`,
    ...(roles.length > 1 ? ['roles: [broker, controller]'] : []),
    ...(own.length > 0 ? [`config: ${flow(Object.fromEntries(own))}`] : []),
  ]
  return `  - { ${parts.join(', ')} }`
}

/** Settings that all nodes share. */
function commonOf(nodes: readonly DraftNode[]): Settings {
  const [first, ...others] = nodes
  const entries = Object.entries(first?.config ?? {})
  return Object.fromEntries(
    entries.filter(([name, value]) => others.every(({ config }) => config[name] === value)),
  )
}

/** Links of MirrorMaker, either one; its workers stand where their target does. */
export function linkLines(draft: Draft): string[] {
  if (draft.flows.length === 0) return []
  const lines = draft.flows.flatMap((link) => {
    const { from, to, workers, config, options, worker, producer, consumer } = link
    const region = draft.nodes.find((node) => node.cluster === to)?.region ?? to
    const count = `    workers: { ${quoted(region)}: ${workers ?? 1} }`
    const parts = Object.entries({ config, options, worker, producer, consumer })
    const settings = parts.filter(([, values]) => Object.keys(values).length > 0)
    return [
      `  - system: ${link.system}`,
      `    from: ${quoted(from)}`,
      `    to: ${quoted(to)}`,
      `${count} ${MARK}: ${workers === null ? 'how many, and where' : 'where'} do they run?`,
      ...settings.flatMap(([name, values]) => [
        `    ${name}:`,
        ...Object.entries(values).map(([key, value]) => `      ${key}: ${quoted(value)}`),
      ]),
    ]
  })
  return ['links:', ...lines, '']
}
