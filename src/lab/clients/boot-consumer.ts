// A consumer's process at each boot: what its application does first where it comes from another
// cluster, then its consumer, and who follows it.

import { Consumer } from '../../kafka/clients/consumer.ts'
import type { Assignment } from '../../kafka/clients/subscription.ts'
import type { PartitionIndex } from '../../kafka/ids.ts'
import type { ConsumerSpec } from '../../scenario/model.ts'
import { channelOptionsOf, consumerConfigOf } from '../config/clients.ts'
import { groupSettingsOf } from '../config/groups.ts'
import type { ConsumerRecorder } from '../record/deliveries.ts'
import { intercepted } from '../record/interceptors.ts'
import type { ManagedClient } from './managed-client.ts'
import { type ClientSurroundings, onEnd, type Whereto } from './surroundings.ts'
import { whereTo } from './whereto.ts'

/**
 * Run at each boot: nothing but `client` and `observer` remembers an earlier incarnation. A
 * consumer whose `stop` (scenario time) is past ends at once.
 */
export function bootConsumer(
  client: ManagedClient,
  spec: ConsumerSpec,
  observer: ConsumerRecorder,
  around: ClientSurroundings,
): void {
  const { process } = client
  const { world, clock, applications } = around
  const left = spec.stop === null ? null : clock.origin + spec.stop - world.now
  // Who comes back from a crash when its time is over has nothing to do any more.
  if (left !== null && left <= 0) {
    process.exit()
    return
  }
  if (left !== null)
    process.after(
      left,
      process.handler(() => client.close(), 'stop'),
    )
  const whereto = whereTo(client, spec, around)
  const { live } = whereto
  const { failover } = spec
  const group = spec.config['group.id']
  const from = client.cameFrom(live.name, failover?.from ?? spec.cluster)
  observer.memory = applications.memoryOf(group ?? spec.name, spec)
  const join = () => {
    client.arrived(live.name)
    joinGroup(client, spec, observer, whereto, around)
  }
  client.close = () => process.exit()
  if (failover === undefined || from === null || group === null) {
    join()
    return
  }
  onEnd(client, around, () => {})
  const { topics } = client.seat
  const { network } = world
  const arrival = { process, network, from, live, group, topics }
  applications.takeOver(failover, arrival, (offsets, error) => {
    observer.onTaken(from, offsets, error)
    join()
  })
}

function joinGroup(
  client: ManagedClient,
  spec: ConsumerSpec,
  observer: ConsumerRecorder,
  { book, bootstrapNodes, live }: Whereto,
  around: ClientSurroundings,
): void {
  const { process, seat } = client
  const { network } = around.world
  const { version, guards } = around.scenario
  const group = groupSettingsOf(spec, version)
  const all = new Map(seat.topics.map((topic) => [topic, live.cluster.topics.partitionsOf(topic)]))
  observer.onServed = (batches) => {
    client.served()
    around.applications.notes.note(spec.config['group.id'] ?? spec.name, batches)
  }
  const consumer = new Consumer(process, network, book, {
    config: consumerConfigOf(spec, version, guards),
    topics: seat.topics,
    meant: all,
    assignments: group === null ? assignmentsOf(spec, [...all.values()], observer) : [],
    group,
    bootstrapNodes,
    observer: intercepted(observer, spec, process, network, live),
    processTime: { perPoll: spec.processTime, perRecord: spec.processTimePerRecord },
    deserializer: around.schemas.deserializerOf(process, spec, (text) =>
      observer.onSchemaTrouble(text),
    ),
    channel: channelOptionsOf(spec.config, live.spec.knobs.clientServiceMicros),
  })
  onEnd(client, around, around.endpoints.follow(seat.bootstrap, consumer.channel))
  client.close = () => {
    consumer.close()
    process.exit()
  }
  process.onTerminate = client.close
}

/** Without a group: its partitions, each from where the application had come to. */
function assignmentsOf(
  spec: ConsumerSpec,
  topics: readonly (readonly PartitionIndex[])[],
  observer: ConsumerRecorder,
): Assignment[] {
  return topics.flatMap((all) =>
    all
      .filter((_, number) => spec.partitions?.includes(number) ?? true)
      .map((partition) => ({ partition, start: observer.positionOf(partition) })),
  )
}
