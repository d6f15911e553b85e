// Which commands a link takes, by the system that carries it.

import type { LinkFaultName } from '../../../faults/catalogue.ts'
import { keysOf } from '../../../sim/closed-table.ts'
import type { BrokerLinkSpec, LinkSpec } from '../../links.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'

type System = BrokerLinkSpec['system']

const TAKEN_BY: Readonly<Record<LinkFaultName, readonly System[]>> = {
  'mirror-pause': ['cluster-link', 'cluster-mirror'],
  'mirror-resume': ['cluster-link', 'cluster-mirror'],
  'mirror-promote': ['cluster-link'],
  'mirror-failover': ['cluster-link'],
  'mirror-reverse': ['cluster-link'],
  'mirror-truncate-and-restore': ['cluster-link'],
  'mirror-start': ['cluster-mirror'],
  'mirror-stop': ['cluster-mirror'],
  'link-pause': ['cluster-link'],
  'link-resume': ['cluster-link'],
}

/** A command for a link of another system is an error that names those which there are. */
export function checkLinkCommand(
  path: Path,
  kind: string,
  link: string,
  links: readonly Pick<LinkSpec, 'name' | 'system'>[],
  findings: Findings,
): void {
  const command = keysOf(TAKEN_BY).find((name) => name === kind)
  const known = links.find(({ name }) => name === link)
  if (command === undefined || known === undefined) return
  const own = keysOf(TAKEN_BY).filter((name) => TAKEN_BY[name].some((one) => one === known.system))
  // Of a link that takes no commands at all the caller knows the others.
  if (own.length === 0 || own.includes(command)) return
  const fix = `write one of ${own.join(', ')}`
  findings.error(path, `${link} is a ${known.system}, which has no ${kind}`, fix)
}
