// Runbooks checked: what sets each off, and its steps in order.

import type { Detection, RunbookSpec, TimedStep } from '../../runbook/model.ts'
import type { RunbookDocument } from '../document/runbooks.ts'
import { isInBrokers } from '../links.ts'
import type { Path } from '../problem.ts'
import type { Findings } from './findings.ts'
import { checkName, namesOf, type RunbookSurroundings, resolveStep } from './runbook-steps.ts'

/** In the order of the file. A name that is taken is a finding. */
export function resolveRunbooks(
  runbooks: readonly RunbookDocument[],
  around: RunbookSurroundings,
  findings: Findings,
): RunbookSpec[] {
  const seen = new Set<string>()
  return runbooks.map(({ name, detect, decide, steps }, index) => {
    const path = ['runbooks', index]
    if (seen.has(name)) {
      findings.error([...path, 'name'], `the name ${name} is taken`, 'give it another one', name)
    }
    seen.add(name)
    return {
      name,
      detect: detectionOf([...path, 'detect'], detect, around, findings),
      decide,
      steps: steps.map(({ takes, step }, at): TimedStep => {
        return {
          takes,
          step: resolveStep([...path, 'steps', at, step.kind], step, around, findings),
        }
      }),
    }
  })
}

function detectionOf(
  path: Path,
  { at: moment, probe, mirror }: RunbookDocument['detect'],
  around: RunbookSurroundings,
  findings: Findings,
): Detection {
  if (mirror !== undefined) {
    const known = around.links.filter(isInBrokers)
    checkName([...path, 'mirror', 'link'], 'cluster link', mirror.link, namesOf(known), findings)
    return { kind: 'mirror', ...mirror }
  }
  if (probe === undefined) return { kind: 'planned', at: moment ?? [0, 0] }
  const { region: at, topic, ...rest } = probe
  const here = [...path, 'probe']
  checkName([...here, 'cluster'], 'cluster', probe.cluster, namesOf(around.clusters), findings)
  const region = around.regions.find(({ name, zones }) => name === at || zones.includes(at))
  if (region === undefined) {
    findings.unknown([...here, 'region'], 'region', at, namesOf(around.regions))
  }
  if (topic !== undefined) {
    const own = around.topics.filter(({ cluster }) => cluster === probe.cluster)
    checkName([...here, 'topic'], 'topic', topic, namesOf(own), findings)
  }
  const zone = at === region?.name ? region.zones[0] : at
  return {
    ...{ kind: 'probe', ...rest, topic: topic ?? null },
    ...{ region: region?.name ?? '', zone: zone ?? '' },
  }
}
