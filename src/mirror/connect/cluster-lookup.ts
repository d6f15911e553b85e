// Models: what a process of Connect does before all else: it asks for the id of each cluster that
// it will keep its own topics in, and ends where one does not answer.
// Leaves out: what is done with the ids: metrics bear them.
// Source: connect.runtime.WorkerConfig.lookupKafkaClusterId, connect.mirror.MirrorMaker (addHerder,
// main), connect.cli.ConnectDistributed.

import { ADMIN_DEFAULTS } from '../../kafka/clients/admin/admin-config.ts'
import { KafkaAdminClient } from '../../kafka/clients/admin/kafka-admin-client.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { ClusterPort } from '../cluster-port.ts'

/**
 * Asks one cluster after the other, each for default.api.timeout.ms at most. So a process that is
 * patient for ever once it runs dies of the same outage when it starts in it:
 *
 * 1. the source is away, and MirrorMaker's worker beside the target waits, task by task;
 * 2. its machine is restarted; the new process needs both clusters, for its heartbeats begin at the
 *    source;
 * 3. a minute later it has ended, and it stays so when the source is back, unless somebody or
 *    something starts it again.
 *
 * @param onEnd hears of the first cluster that did not answer, and null where all did
 */
export function lookUpClusters(
  process: Process,
  network: Network,
  clusters: readonly ClusterPort[],
  onEnd: (silent: ClusterPort | null) => void,
): void {
  const [cluster, ...others] = clusters
  if (cluster === undefined) {
    onEnd(null)
    return
  }
  const { directory, bootstrapNodes } = cluster
  const options = { config: ADMIN_DEFAULTS, bootstrapNodes }
  const admin = new KafkaAdminClient(process, network, directory, options)
  admin.describeCluster((error) => {
    admin.close()
    if (error === 'NONE') lookUpClusters(process, network, others, onEnd)
    else onEnd(cluster)
  })
}
