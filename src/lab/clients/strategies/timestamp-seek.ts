// The application goes by time: from the newest record that it has worked on, which it has noted
// outside of Kafka, back by a margin. It needs nothing of whoever copies but records that keep the
// time of their creation. The margin is what is handed over again where nothing was late; where a
// copy came later than that, what is younger by its time stands behind and is read, what is older
// and was copied in between is skipped.

import { ADMIN_DEFAULTS } from '../../../kafka/clients/admin/admin-config.ts'
import { KafkaAdminClient } from '../../../kafka/clients/admin/kafka-admin-client.ts'
import { NO_OFFSET } from '../../../kafka/ids.ts'
import { type Micros, MS } from '../../../sim/time.ts'
import type { ProgressNotes } from '../progress-notes.ts'
import type { FailoverStrategy } from './strategy.ts'

/**
 * Finds nothing for a group that has noted nothing. Partitions without a record that young are left
 * out, and the group's reset policy decides; so are those whose look-up is refused for good. One
 * that times out is begun again, as often as it takes. `margin` is in micros.
 */
export function timestampSeek(notes: ProgressNotes, margin: Micros): FailoverStrategy {
  return {
    offsetsFor({ process, network, live, group, topics }, onFound) {
      const newest = notes.newest(group)
      if (newest === null) {
        onFound([])
        return
      }
      const { port, cluster } = live
      const { bootstrapNodes, directory } = port
      const options = { config: ADMIN_DEFAULTS, bootstrapNodes }
      const admin = new KafkaAdminClient(process, network, directory, options)
      const at = { timestampMs: Math.max(0, newest - margin) / MS }
      const queries = topics.flatMap((topic) =>
        cluster.topics.partitionsOf(topic).map((partition) => ({ topic, partition, at })),
      )
      const ask = () => {
        admin.listOffsets(queries, (error, listed) => {
          // What was not told may well be there: the application does not begin without it.
          if (error === 'REQUEST_TIMED_OUT') {
            ask()
            return
          }
          admin.close()
          const young = [...listed].filter(([, { offset }]) => offset !== NO_OFFSET)
          onFound(
            young.map(([partition, { offset, leaderEpoch }]) => {
              return { partition, offset, leaderEpoch }
            }),
          )
        })
      }
      ask()
    },
  }
}
