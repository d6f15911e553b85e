import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Component, MODELLED_SETTINGS } from '../../../src/kafka/settings/modelled.ts'

interface Known {
  readonly type: string
  readonly default: unknown
}

const file: Record<string, { settings: Record<string, Known> }> = JSON.parse(
  readFileSync('src/kafka/settings/known-settings.json', 'utf8'),
)

/** The flow of MirrorMaker 2 has the settings of several classes. */
const MIRROR_MAKER = ['mirrorMaker', 'mirrorSource', 'mirrorCheckpoint', 'mirrorHeartbeat']

function knownOf(component: Component, name: string): Known | undefined {
  const lists = component === 'mirrorMaker2' ? MIRROR_MAKER : [component]
  return lists.map((list) => file[list]?.settings[name]).find((known) => known !== undefined)
}

/** Not Kafka's own: the other tests of this folder hold them. */
const OTHERS: readonly Component[] = [
  ...(['clusterLink', 'clusterMirror', 'mirus', 'mirusWorker', 'replicator'] as const),
  ...(['ureplicatorController', 'ureplicatorWorker', 'flink'] as const),
  ...(['schemaRegistry', 'schemaClient'] as const),
]
const components = (Object.keys(MODELLED_SETTINGS) as Component[]).filter(
  (component) => !OTHERS.includes(component),
)
/**
 * Kafka’s authorizer reads them by itself, and so does MirrorMaker’s filter of settings: they are
 * in no list of their components.
 */
const OF_PLUGINS = ['allow.everyone.if.no.acl.found', 'super.users', 'use.defaults.from']
const rows = components.flatMap((component) =>
  Object.entries(MODELLED_SETTINGS[component])
    .filter(([name]) => !OF_PLUGINS.includes(name))
    .map(([name, rule]) => ({ component, name, rule })),
)

describe('a modelled setting', () => {
  it.each(rows)('$component $name has Kafka’s type and default', ({ component, name, rule }) => {
    const known = knownOf(component, name)
    expect(known, 'Kafka knows it').toBeDefined()
    // Unset it means the release's own list, which differs between releases.
    if (name === 'topics.exclude') return
    expect(rule.type).toBe(known?.type === 'class' ? 'string' : known?.type)
    expect(rule.default).toEqual(known?.default)
  })
})
