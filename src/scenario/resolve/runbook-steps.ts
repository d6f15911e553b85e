// The steps of runbooks checked: every name that one uses must exist, and entries become their
// processes. What a name means follows from its key.

import { type StepSpec, stepOf } from '../../runbook/catalogue.ts'
import { backOf, isInBrokers, type LinkSpec } from '../links.ts'
import type { ClientSpec } from '../model.ts'
import type { Path } from '../problem.ts'
import type { Findings } from './findings.ts'
import { checkLinkCommand } from './links/commands.ts'
import type { Surroundings } from './surroundings.ts'

/** What a runbook may name. */
export interface RunbookSurroundings extends Surroundings {
  readonly clients: readonly ClientSpec[]
  readonly links: readonly LinkSpec[]
}

type Params = Readonly<Record<string, unknown>>

/**
 * Clients named by their entry in the file become all of its processes. Unknown names are findings.
 */
export function resolveStep(
  path: Path,
  step: StepSpec,
  around: RunbookSurroundings,
  findings: Findings,
): StepSpec {
  checkNames(path, step.params, step, around, findings)
  const { clients } = around
  const entries = [...new Set(clients.map(entryOf))]
  const params: Params = step.params
  const processes = (key: 'clients' | 'served') => {
    const given = params[key]
    if (!Array.isArray(given)) return {}
    for (const entry of given) checkName([...path, key], 'client', entry, entries, findings)
    return { [key]: clients.filter((one) => given.includes(entryOf(one))).map(({ name }) => name) }
  }
  return stepOf(step.kind, { ...params, ...processes('clients'), ...processes('served') })
}

function checkNames(
  path: Path,
  params: Params,
  step: StepSpec,
  around: RunbookSurroundings,
  findings: Findings,
): void {
  const { clusters, endpoints, links, topics } = around
  const check = (key: string, what: string, known: readonly string[]) => {
    const value = params[key]
    if (typeof value === 'string') checkName([...path, key], what, value, known, findings)
  }
  check('endpoint', 'endpoint', namesOf(endpoints))
  if (step.kind !== 'reset-offsets') check('to', 'cluster', namesOf(clusters))
  check('cluster', 'cluster', namesOf(clusters))
  check('copied', 'link', links.flatMap(waysOf))
  const isOfWorkers = step.kind === 'stop-link' || step.kind === 'start-link'
  const named = links.filter(({ system }) => isOfWorkers !== isInBrokers({ system }))
  check('link', isOfWorkers ? 'replicator' : 'cluster link', namesOf(named))
  if (typeof params.link === 'string') {
    checkLinkCommand(path, step.kind, params.link, links, findings)
  }
  if (step.kind !== 'wait-until') return
  const { writable, empty } = step.params
  for (const { cluster } of [writable, empty].filter((one) => one !== undefined)) {
    checkName(path, 'cluster', cluster, namesOf(clusters), findings)
  }
  if (writable === undefined) return
  const own = topics.filter(({ cluster }) => cluster === writable.cluster)
  checkName([...path, 'writable'], 'topic', writable.topic, namesOf(own), findings)
}

/** A bidirectional link leads both ways. */
function waysOf(link: LinkSpec): string[] {
  const isBoth = link.system === 'cluster-link' && link.config['link.mode'] === 'BIDIRECTIONAL'
  return isBoth ? [link.name, backOf(link.name)] : [link.name]
}

function entryOf({ name, access }: ClientSpec): string {
  return access?.entry ?? name
}

/** In the order of the list, repeats kept. */
export function namesOf(things: readonly { readonly name: string }[]): string[] {
  return things.map(({ name }) => name)
}

/** A name that is not among the known is a finding that proposes the nearest one. */
export function checkName(
  path: Path,
  what: string,
  name: string,
  known: readonly string[],
  findings: Findings,
): void {
  if (!known.includes(name)) findings.unknown(path, what, name, known)
}
