// Interceptors that a scenario's consumer carries, beside whoever records it.

import type { ConsumerObserver } from '../../kafka/clients/consumer-observer.ts'
import { TIMESTAMPS_INTERCEPTOR } from '../../kafka/settings/replicator.ts'
import { TimestampsWriter } from '../../mirror/replicator/consumer-timestamps.ts'
import { ConsumerTimestampsInterceptor } from '../../mirror/replicator/timestamps-interceptor.ts'
import type { ConsumerSpec } from '../../scenario/model.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { LiveCluster } from '../live-cluster.ts'

/** What is told to `recorder` and to the interceptors; `recorder` itself where there are none. */
export function intercepted(
  recorder: ConsumerObserver,
  { config, access }: Pick<ConsumerSpec, 'config' | 'access'>,
  process: Process,
  network: Network,
  live: LiveCluster,
): ConsumerObserver {
  const group = config['group.id']
  const classes = config['interceptor.classes'].split(',').map((name) => name.trim())
  if (group === null || !classes.includes(TIMESTAMPS_INTERCEPTOR)) return recorder
  const { cluster } = live
  const port = live.portAs(access?.principal)
  const writer = new TimestampsWriter(process, network, port, cluster.recordIds)
  const timestamps = new ConsumerTimestampsInterceptor(group, port.topics, (timestamp) => {
    writer.write(timestamp)
  })
  return {
    onDelivered: (partition, batches, from, to, now, node) => {
      timestamps.onDelivered(partition, batches, from, to)
      recorder.onDelivered(partition, batches, from, to, now, node)
    },
    onCommitted: (offsets, error, now) => {
      timestamps.onCommitted(offsets, error)
      recorder.onCommitted?.(offsets, error, now)
    },
    onSeek: (...told) => recorder.onSeek?.(...told),
    onAssigned: (...told) => recorder.onAssigned?.(...told),
    onRevoked: (...told) => recorder.onRevoked?.(...told),
    onPollIntervalExceeded: (...told) => recorder.onPollIntervalExceeded?.(...told),
    onGroupFailed: (...told) => recorder.onGroupFailed?.(...told),
    onUnauthorized: (...told) => recorder.onUnauthorized?.(...told),
    onError: (...told) => recorder.onError?.(...told),
    onDeserializationFailed: (...told) => recorder.onDeserializationFailed?.(...told),
    onHalted: (...told) => recorder.onHalted?.(...told),
  }
}
