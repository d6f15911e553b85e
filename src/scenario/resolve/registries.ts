// Schema registries: their instances, and which of them a client asks.

import { defaultSettings } from '../../kafka/settings/resolve.ts'
import type { RegistryDocument, SerializerDocument } from '../document/registries.ts'
import type { Path } from '../problem.ts'
import type { RegistrySpec, SchemasSpec } from '../registries.ts'
import { clusterNamed } from './clusters.ts'
import type { Findings } from './findings.ts'
import { resolveWorkers } from './links/workers.ts'
import { checkedSettings, type Release } from './release.ts'
import type { LinkSurroundings } from './surroundings.ts'

/** Instances that may lead come before followers, each list in the order of its regions. */
export function resolveRegistries(
  documents: readonly RegistryDocument[],
  { regions, release, clusters }: LinkSurroundings,
  findings: Findings,
): RegistrySpec[] {
  const base = defaultSettings('schemaRegistry', release.version)
  return documents.map(
    ({ name, cluster, instances, followers, principal, readOnly, config }, index) => {
      const path = ['registries', index]
      if (documents.findIndex((other) => other.name === name) < index) {
        findings.error([...path, 'name'], `${name} is taken`, 'give it a name of its own', name)
      }
      const eligible = resolveWorkers([...path, 'instances'], instances, name, regions, findings)
      const others =
        followers === undefined
          ? []
          : resolveWorkers([...path, 'followers'], followers, `${name}-follower`, regions, findings)
      const here = [...path, 'config']
      return {
        name,
        cluster: clusterNamed(path, cluster, clusters, findings).name,
        principal,
        isReadOnly: readOnly,
        instances: [
          ...eligible.map((one) => ({ ...one, isEligible: true })),
          ...others.map((one) => ({ ...one, isEligible: false })),
        ],
        config: checkedSettings('schemaRegistry', here, config, base, release, findings),
      }
    },
  )
}

/** The instances that a client asks, in turn; a registry stands for all of its own. */
export function resolveSchemas(
  path: Path,
  { urls, config }: Pick<SerializerDocument, 'urls' | 'config'>,
  registries: readonly RegistrySpec[],
  release: Release,
  findings: Findings,
): SchemasSpec {
  const known = registries.flatMap(({ name, instances }) => [
    { name, instances: instances.map((one) => one.name) },
    ...instances.map((one) => ({ name: one.name, instances: [one.name] })),
  ])
  const asked = urls.flatMap((url) => {
    const found = known.find(({ name }) => name === url)
    if (found !== undefined) return found.instances
    const names = known.map(({ name }) => name)
    findings.unknown([...path, 'urls'], 'schema registry or instance', url, names)
    return []
  })
  const base = defaultSettings('schemaClient', release.version)
  const here = [...path, 'config']
  const checked = checkedSettings('schemaClient', here, config, base, release, findings)
  return { urls: [...new Set(asked)], config: checked }
}

/** Versions follow one another. */
export function checkEvolution(
  path: Path,
  { evolve }: SerializerDocument,
  findings: Findings,
): void {
  const isSorted = evolve.every((time, i) => i === 0 || time > (evolve[i - 1] ?? 0))
  if (!isSorted) findings.error([...path, 'evolve'], 'it goes back in time', 'sort the times')
}
