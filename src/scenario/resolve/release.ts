// Settings of one release and flavour: what may be set, and what a note has to say.

import type { Component, SettingsOf } from '../../kafka/settings/modelled.ts'
import { resolveSettings } from '../../kafka/settings/resolve.ts'
import { knownSince } from '../../kafka/settings/since.ts'
import { compareVersions, type Guards, type KafkaVersion } from '../../kafka/version.ts'
import type { Flavour } from '../model.ts'
import type { Path } from '../problem.ts'
import type { Findings } from './findings.ts'

export interface Release {
  readonly version: KafkaVersion
  readonly flavour: Flavour
  readonly guards: Guards
}

const CONFLUENT_FIX =
  'set flavour: confluent; Apache Kafka has no observers and no confluent.* settings'

/** The user's settings over a base; problems and notes go to the findings. */
export function checkedSettings<C extends Component>(
  component: C,
  path: Path,
  user: Readonly<Record<string, unknown>>,
  base: SettingsOf<C>,
  release: Release,
  findings: Findings,
): SettingsOf<C> {
  const plain: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(user)) {
    const since = knownSince(component, name)
    if (since !== null && compareVersions(release.version, since) < 0) {
      findings.note([...path, name], `no effect: Kafka has it from ${since} on`)
    } else if (!name.startsWith('confluent.')) plain[name] = value
    else if (release.flavour === 'confluent') {
      findings.unmodelled([...path, name], `${name} is not modelled: no effect`)
    } else {
      const message = `${name} is a setting of Confluent Server`
      findings.settings(path, [{ name, value, message, fix: CONFLUENT_FIX }], [])
    }
  }
  const resolved = resolveSettings(component, plain, base)
  findings.settings(path, resolved.problems, resolved.notes)
  return resolved.settings
}
