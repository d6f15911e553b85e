// Machines that access control lists name. Kafka takes any host, and so is silent about one that
// nobody has.

import type { AclRule } from '../../faults/acl-rules.ts'
import type { ScenarioDocument } from '../document/document.ts'
import type { ClusterSpec } from '../model.ts'
import type { Path } from '../problem.ts'
import type { Findings } from './findings.ts'

const SHOWN = 12

/** Notes which of them there are not. */
export function noteHosts(
  path: Path,
  acls: readonly AclRule[],
  hosts: readonly string[],
  findings: Findings,
): void {
  for (const host of new Set(acls.flatMap((acl) => acl.host ?? []))) {
    if (hosts.includes(host)) continue
    const known = hosts.slice(0, SHOWN).join(', ')
    findings.note(
      path,
      `no machine is called ${host}: the entry concerns nobody; some are ${known}`,
    )
  }
}

/** The same of the lists that clusters begin with. */
export function noteHostsOfClusters(
  document: Pick<ScenarioDocument, 'clusters'>,
  clusters: readonly ClusterSpec[],
  hosts: readonly string[],
  findings: Findings,
): void {
  for (const { name, acls = [] } of clusters) {
    const path = document.clusters === undefined ? ['cluster', 'acls'] : ['clusters', name, 'acls']
    noteHosts(path, acls, hosts, findings)
  }
}
