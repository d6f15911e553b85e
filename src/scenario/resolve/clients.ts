// Producers and consumers: one entry a process, wherever the file asks for several.

import { batchBytesUpperBound } from '../../kafka/network/record-sizes.ts'
import { defaultSettings } from '../../kafka/settings/resolve.ts'
import type { ConsumerDocument, ProducerDocument } from '../document/load.ts'
import type { ClusterSpec, ConsumerSpec, Load, ProducerSpec } from '../model.ts'
import type { Path } from '../problem.ts'
import { zoneOf } from './cluster.ts'
import { reachOf } from './endpoints.ts'
import type { Findings } from './findings.ts'
import { checkFailover, checkMember } from './group-rules.ts'
import { checkEvolution, resolveSchemas } from './registries.ts'
import { checkedSettings } from './release.ts'
import { checkProducerSettings } from './setting-rules.ts'
import type { Surroundings } from './surroundings.ts'

interface Seat {
  readonly name: string
  readonly region: string
  readonly zone: string
  readonly host: string
}

/**
 * An entry becomes `count` processes in each of its regions, all with the same settings: those of
 * the file over the defaults of the release. Times are micros of the scenario.
 */
export function resolveProducers(
  producers: readonly ProducerDocument[],
  around: Surroundings,
  findings: Findings,
): ProducerSpec[] {
  const base = defaultSettings('producer', around.release.version)
  return producers.flatMap((producer, index) => {
    const path = ['producers', index]
    const here = [...path, 'config']
    const given = compressionOf(here, producer, findings)
    const asked = checkedSettings('producer', here, given, base, around.release, findings)
    const config = checkProducerSettings(here, asked, given, findings)
    const { start, stop } = spanOf(path, producer, around, findings)
    const { cluster, access } = reachOf(path, producer, around, findings)
    checkTopic(path, producer, cluster, around, findings)
    checkRecordSize(path, producer, config['max.request.size'], findings)
    const load = loadOf(path, producer, start, findings)
    const schemas = writtenSchemasOf([...path, 'schemas'], producer, around, findings)
    return seatsOf(path, producer, around, findings).map((seat) => ({
      ...seat,
      access,
      cluster: cluster.name,
      topic: producer.topic,
      partitions: producer.partitions ?? null,
      load,
      recordBytes: producer.recordBytes,
      keys: producer.keys,
      compressionRatio: producer.compressionRatio,
      ...schemas,
      start,
      stop,
      config,
    }))
  })
}

/** As for producers; `stop` is null for one that reads until the run ends. */
export function resolveConsumers(
  consumers: readonly ConsumerDocument[],
  around: Surroundings,
  findings: Findings,
): ConsumerSpec[] {
  const base = defaultSettings('consumer', around.release.version)
  return consumers.flatMap((consumer, index) => {
    const path = ['consumers', index]
    const here = [...path, 'config']
    const config = checkedSettings(
      'consumer',
      here,
      consumer.config,
      base,
      around.release,
      findings,
    )
    const { start } = spanOf(path, consumer, around, findings)
    const { cluster, access } = reachOf(path, consumer, around, findings)
    checkTopic(path, consumer, cluster, around, findings)
    checkMember(path, consumer, config, cluster, findings)
    checkFailover(path, consumer, config, around, findings)
    const schemas = schemasOf([...path, 'schemas'], consumer, around, findings)
    return seatsOf(path, consumer, around, findings).map((seat) => ({
      ...seat,
      access,
      cluster: cluster.name,
      topic: consumer.topic,
      partitions: consumer.partitions ?? null,
      processTime: consumer.processTime,
      processTimePerRecord: consumer.processTimePerRecord,
      ...strategiesOf(consumer),
      ...schemas,
      commit: consumer.commit ?? null,
      start,
      stop: consumer.stop ?? null,
      config,
    }))
  })
}

/** Its settings: a ratio without a type asks for compression all the same, by any type. */
function compressionOf(
  path: Path,
  { config, compressionRatio }: ProducerDocument,
  findings: Findings,
): ProducerDocument['config'] {
  const type = config['compression.type']
  if (type === undefined && compressionRatio < 1) return { ...config, 'compression.type': 'lz4' }
  if (type !== undefined && type !== 'none' && compressionRatio === 1) {
    const message = 'no effect without compressionRatio, which says how small the records become'
    findings.note([...path, 'compression.type'], message)
  }
  return config
}

/** What a producer's serializer asks, where it has one. */
function writtenSchemasOf(
  path: Path,
  { schemas }: ProducerDocument,
  around: Surroundings,
  findings: Findings,
): Pick<ProducerSpec, 'schemas'> {
  if (schemas === undefined) return {}
  checkEvolution(path, schemas, findings)
  const { registries, release } = around
  const asked = resolveSchemas(path, schemas, registries, release, findings)
  return { schemas: { ...asked, evolve: schemas.evolve } }
}

function schemasOf(
  path: Path,
  { schemas }: ConsumerDocument,
  { registries, release }: Surroundings,
  findings: Findings,
): Pick<ConsumerSpec, 'schemas'> {
  if (schemas === undefined) return {}
  return { schemas: resolveSchemas(path, schemas, registries, release, findings) }
}

/** What an application does of its own, where the file says so. */
function strategiesOf({ application, failover, dedup }: ConsumerDocument) {
  return {
    ...(application === undefined ? {} : { application }),
    ...(failover === undefined ? {} : { failover }),
    ...(dedup === undefined ? {} : { dedup }),
  }
}

type ClientDocument = ProducerDocument | ConsumerDocument

/** Where the processes of an entry sit: `count` in each of its regions. */
function seatsOf(
  path: Path,
  client: ClientDocument,
  { regions }: Surroundings,
  findings: Findings,
): Seat[] {
  const names = client.regions ?? (client.region === undefined ? [] : [client.region])
  if (names.length === 0 || (client.regions !== undefined && client.region !== undefined)) {
    findings.error(path, 'it needs region or regions', 'write region: NAME, or regions: [NAME, …]')
  }
  return names.flatMap((name, index) => {
    const region = regions.find((one) => one.name === name)
    if (region === undefined) {
      const here = client.regions === undefined ? [...path, 'region'] : [...path, 'regions', index]
      const known = regions.map((one) => one.name)
      findings.unknown(here, 'region', name, known)
      return []
    }
    return Array.from({ length: client.count }, (_, turn): Seat => {
      const inRegion = names.length > 1 ? `${client.name}-${name}` : client.name
      const own = client.count > 1 ? `${inRegion}-${turn + 1}` : inRegion
      const zone = zoneOf(path, client.zone, region, turn, findings)
      return { name: own, region: name, zone, host: `host-${own}` }
    })
  })
}

function spanOf(
  path: Path,
  client: ClientDocument,
  { duration }: Surroundings,
  findings: Findings,
): { readonly start: number; readonly stop: number } {
  const stop = client.stop ?? duration
  if (client.start >= stop) {
    const message = 'it stops before it starts'
    findings.error([...path, 'start'], message, 'write a start before stop and duration')
  }
  return { start: client.start, stop }
}

function checkTopic(
  path: Path,
  client: ClientDocument,
  cluster: ClusterSpec,
  { topics }: Surroundings,
  findings: Findings,
): void {
  const own = topics.filter((topic) => topic.cluster === cluster.name)
  const topic = own.find(({ name }) => name === client.topic)
  if (topic === undefined) {
    const known = own.map(({ name }) => name)
    findings.unknown([...path, 'topic'], 'topic', client.topic, known)
    return
  }
  for (const [index, partition] of (client.partitions ?? []).entries()) {
    if (partition >= topic.partitions) {
      const message = `${topic.name} has the partitions 0 to ${topic.partitions - 1}`
      findings.error([...path, 'partitions', index], message, 'name one of those', partition)
    }
  }
}

function checkRecordSize(
  path: Path,
  producer: ProducerDocument,
  max: number,
  findings: Findings,
): void {
  const bytes = batchBytesUpperBound(producer.recordBytes)
  if (bytes <= max) return
  const message = `a batch of one record may take ${bytes} bytes, and max.request.size is ${max}`
  findings.error([...path, 'recordBytes'], message, 'write smaller records or raise the setting')
}

function loadOf(path: Path, producer: ProducerDocument, start: number, findings: Findings): Load {
  const { rate, ramp, closedLoop } = producer
  if (closedLoop !== undefined) {
    if (rate !== undefined || ramp.length > 0) {
      const fix = 'keep rate and ramp (open loop) or closedLoop'
      findings.error(path, 'rate and closedLoop exclude each other', fix)
    }
    return { kind: 'closed', ...closedLoop }
  }
  if (rate === undefined && ramp.length === 0) {
    findings.error(path, 'it has no load', 'write rate: 100/s, or closedLoop: {inFlight: 1}')
  }
  const steps = [{ at: start, recordsPerSecond: rate ?? 0 }]
  for (const [index, step] of ramp.entries()) {
    const last = steps.at(-1)?.at ?? 0
    if (step.at < last) {
      findings.error([...path, 'ramp', index, 'at'], 'the ramp goes back in time', 'sort it by at')
    }
    steps.push({ at: step.at, recordsPerSecond: step.rate })
  }
  return { kind: 'open', steps }
}
