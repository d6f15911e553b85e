// Which Kafka: a version with the guards that it has, single guards switched, and the flavour.

import fc from 'fast-check'
import {
  compareVersions,
  GUARD_NAMES,
  GUARD_RULES,
  VERSION_DEFAULT,
  VERSION_MAX,
  VERSION_MIN,
} from '../kafka/version.ts'
import type { ScenarioInput } from '../scenario/document/document.ts'
import { filledRecord, seldom, simplestOf, sometimes } from './plain.ts'

/** Every release in which some guard changes: the others behave like one of these. */
const TURNING_POINTS = new Set(
  Object.values(GUARD_RULES).flatMap(({ since, until }) => [
    since ?? VERSION_MIN,
    until ?? VERSION_MAX,
  ]),
)
const VERSIONS = [...TURNING_POINTS]
  .filter((version) => compareVersions(version, VERSION_MIN) >= 0)
  .sort()

export const release = fc.record({
  version: sometimes(fc.constantFrom(...VERSIONS)),
  guards: seldom(
    fc.array(fc.tuple(fc.constantFrom(...GUARD_NAMES), fc.boolean()), {
      minLength: 1,
      maxLength: 3,
    }),
  ),
  /** Eligible leader replicas where the version has them: off as often as on. */
  withoutElr: fc.boolean(),
  confluent: simplestOf(3, fc.constant(false), fc.constant(true)),
})
export type Release = typeof release extends fc.Arbitrary<infer T> ? T : never

/**
 * The version, flavour and guards keys; guards that were not chosen stay as the version has them.
 */
export function releaseOf(of: Release): Pick<ScenarioInput, 'version' | 'flavour' | 'guards'> {
  const switched = (of.guards ?? []).map(([name, on]) => [name, on ? 'on' : 'off'] as const)
  const elr = of.withoutElr ? [['elr', 'off'] as const] : []
  const guards = filledRecord(Object.fromEntries([...switched, ...elr]))
  return {
    version: of.version ?? VERSION_DEFAULT,
    ...(of.confluent ? { flavour: 'confluent' as const } : {}),
    ...(guards === undefined ? {} : { guards }),
  }
}
