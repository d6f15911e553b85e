// What scenarios say between and around clusters: links and where their processes stand, names
// that clients look up, registries, runbooks.

import type { LinkSpec, WorkerSpec } from '../../scenario/links.ts'
import type { Scenario } from '../../scenario/model.ts'
import { fieldOf } from '../../sim/plain-data.ts'
import { type Fact, fields, spanText } from './facts.ts'

/** Settings of links and of registries are rows of the effective configuration, and not here. */
export function factsBetweenClusters(scenario: Scenario): Fact[] {
  const { links, endpoints, registries, runbooks } = scenario
  return [
    ...links.flatMap(linkFacts),
    ...endpoints.flatMap(({ name, ...endpoint }) => fields(`name ${name}`, endpoint)),
    ...registries.flatMap(({ name, config: _, instances, ...registry }): Fact[] => [
      ...fields(`schema registry ${name}`, registry),
      [`schema registry ${name} instances`, placesOf(instances)],
    ]),
    ...runbooks.flatMap(({ name, detect, decide, steps }): Fact[] => [
      ...fields(`runbook ${name} detect`, detect),
      [`runbook ${name} decide`, spanText(decide)],
      ...steps.flatMap(({ step, takes }, i): Fact[] => [
        ...fields(`runbook ${name} step ${i + 1}`, step),
        [`runbook ${name} step ${i + 1} takes`, spanText(takes)],
      ]),
    ]),
  ]
}

/** Parts of a link that the effective configuration lists by name. */
const LISTED = ['config', 'controller', 'worker', 'producer', 'consumer', 'knobs']

/** What a link does not have is not told of it. */
function linkFacts({ name, settings: _, ...link }: LinkSpec): Fact[] {
  const facts = Object.entries(link).flatMap(
    ([part, value]: readonly [string, unknown]): Fact[] => {
      if (LISTED.includes(part)) return []
      const places = placesIn(value)
      if (places.length > 0) return [[`link ${name} ${part}`, placesOf(places)]]
      // Settings of its own at the other end, where the source dials.
      const isObject = typeof value === 'object' && value !== null
      if (part === 'source' && isObject) return fields(`link ${name} source`, value)
      return fields(`link ${name}`, { [part]: value })
    },
  )
  return facts.filter(([, text]) => !['null', '[]', '{}'].includes(text))
}

/** Processes of a link, where a part of it is one or some. */
function placesIn(value: unknown): readonly Pick<WorkerSpec, 'name' | 'zone'>[] {
  const some: readonly unknown[] = Array.isArray(value) ? value : [value]
  return some.filter(isPlace)
}

function isPlace(value: unknown): value is Pick<WorkerSpec, 'name' | 'zone'> {
  return ['name', 'zone', 'host'].every((key) => typeof fieldOf(value, key) === 'string')
}

/** 'mm2-us-eu-1: eu/a' */
function placesOf(places: readonly Pick<WorkerSpec, 'name' | 'zone'>[]): string {
  return places.map(({ name, zone }) => `${name}: ${zone}`).join(', ')
}
