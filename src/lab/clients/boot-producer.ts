// A producer's process at each boot: its load from now on, its producer, and who follows it.

import type { Stream } from '../../history/facts.ts'
import type { History } from '../../history.ts'
import { Producer } from '../../kafka/clients/producer.ts'
import type { PartitionIndex } from '../../kafka/ids.ts'
import type { ProducerSpec } from '../../scenario/model.ts'
import { keysByPartition } from '../../workload/load.ts'
import { channelOptionsOf, producerConfigOf } from '../config/clients.ts'
import type { ProducerRecorder } from '../record/clients.ts'
import { loadOf } from './lanes.ts'
import type { ManagedClient } from './managed-client.ts'
import { type ClientSurroundings, onEnd } from './surroundings.ts'
import { whereTo } from './whereto.ts'

/**
 * Run at each boot: the schedule goes on where scenario time stands, so what the application would
 * have sent while it was down is not made up for.
 */
export function bootProducer(
  client: ManagedClient,
  spec: ProducerSpec,
  observer: ProducerRecorder,
  around: ClientSurroundings,
): void {
  const { process, seat } = client
  const { world, scenario, history, clock, endpoints } = around
  const { book, bootstrapNodes, live } = whereTo(client, spec, around)
  const { cluster, spec: own } = live
  observer.onServed = () => client.served()
  const [topic = spec.topic] = seat.topics
  const all = cluster.topics.partitionsOf(topic)
  const streams = new Map<PartitionIndex, number>()
  const { name: named, region } = spec
  const who = { producer: named, region, incarnation: process.incarnation }
  const keysOf = keyLists(spec, all.length)
  const times = { now: world.now, origin: clock.origin }
  const producer = new Producer(process, world.network, book, {
    config: producerConfigOf(spec, scenario.version),
    lanes: loadOf(spec, topic, all, times, process.random('load')),
    topics: [topic],
    meant: new Map([[topic, all]]),
    bootstrapNodes,
    streamOf: (partition) => {
      const known = streams.get(partition)
      if (known !== undefined) return known
      const keys = keysOf(all.indexOf(partition))
      return addStream(
        { ...who, partition, ...(keys === undefined ? {} : { keys }) },
        streams,
        history,
      )
    },
    observer,
    serializer: around.schemas.serializerOf(process, spec, topic, (text) =>
      observer.onSchemaTrouble(text),
    ),
    channel: channelOptionsOf(spec.config, own.knobs.clientServiceMicros),
  })
  observer.follow(producer)
  const leave = endpoints.follow(seat.bootstrap, producer.channel)
  onEnd(client, around, () => {
    leave()
    observer.close()
  })
  const exit = process.handler(() => process.exit(), 'exit')
  client.close = () => producer.close(() => process.after(0, exit))
}

/** A new incarnation writes streams of its own, so that record ids stay unique. */
function addStream(
  stream: Omit<Stream, 'id'>,
  streams: Map<PartitionIndex, number>,
  history: History,
): number {
  const id = history.streams.length
  history.streams.push({ id, ...stream })
  streams.set(stream.partition, id)
  return id
}

/** By the number of a partition; undefined where records have no key. */
function keyLists(
  { keys, partitions }: ProducerSpec,
  among: number,
): (number: number) => readonly number[] | undefined {
  if (keys === null || partitions !== null) return () => undefined
  const lists = keysByPartition(keys, among)
  return (number) => lists[number]
}
