// A link that is a router of Flink's: its processes, its settings and those of its clients.

import type { ConsumerSettings } from '../../../kafka/settings/modelled.ts'
import { defaultSettings } from '../../../kafka/settings/resolve.ts'
import type { FlinkDocument } from '../../document/links.ts'
import { type FlinkSpec, type LinkBase, plainNameOf } from '../../links.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import { checkedSettings } from '../release.ts'
import type { LinkSurroundings } from '../surroundings.ts'
import { resolveService, resolveWorkers } from './workers.ts'

/**
 * The sink's topic is the source's where the file names none. Too few slots for the parallelism is
 * a finding: the job would never start.
 */
export function resolveFlink(
  path: Path,
  link: FlinkDocument,
  base: LinkBase,
  { regions, release }: LinkSurroundings,
  findings: Findings,
): FlinkSpec {
  const { version } = release
  const prefix = `flink-${plainNameOf(base.name)}`
  const service = (key: 'jobManager' | 'checkpoints', name: string) =>
    resolveService([...path, key], link[key], `${prefix}-${name}`, regions, findings)
  const workers = resolveWorkers([...path, 'workers'], link.workers, prefix, regions, findings)
  const defaults = defaultSettings('flink', version)
  const here = [...path, 'config']
  const config = checkedSettings('flink', here, link.config, defaults, release, findings)
  checkSlots(here, config, workers.length, findings)
  // KafkaSourceBuilder.parseAndSetRequiredProperties
  const consumer: ConsumerSettings = {
    ...defaultSettings('consumer', version),
    'enable.auto.commit': false,
    'auto.offset.reset': link.startingOffsets === 'latest' ? 'latest' : 'earliest',
  }
  const producer = defaultSettings('producer', version)
  const write = [...path, 'producer']
  const read = [...path, 'consumer']
  return {
    system: 'flink',
    ...base,
    start: link.start,
    workers,
    jobManager: service('jobManager', 'job-manager'),
    storage: service('checkpoints', 'checkpoints'),
    topic: link.topic,
    sinkTopic: link.sinkTopic ?? link.topic,
    startingOffsets: link.startingOffsets,
    deliveryGuarantee: guaranteeOf(path, link, findings),
    config,
    producer: checkedSettings('producer', write, link.producer, producer, release, findings),
    consumer: checkedSettings('consumer', read, link.consumer, consumer, release, findings),
  }
}

function guaranteeOf(
  path: Path,
  { deliveryGuarantee }: FlinkDocument,
  findings: Findings,
): FlinkSpec['deliveryGuarantee'] {
  if (deliveryGuarantee !== 'exactly-once') return deliveryGuarantee
  const fix = 'write at-least-once, and count what is copied again'
  const message = 'exactly-once writes in transactions, which are not modelled yet'
  findings.error([...path, 'deliveryGuarantee'], message, fix, deliveryGuarantee)
  return 'at-least-once'
}

/** A job without its slots would wait for ever. */
function checkSlots(
  path: Path,
  config: FlinkSpec['config'],
  workers: number,
  findings: Findings,
): void {
  const slots = workers * config['taskmanager.numberOfTaskSlots']
  const parallelism = config['parallelism.default']
  if (workers === 0 || parallelism <= slots) return
  const message = `${parallelism} subtasks need ${parallelism} slots; there are ${slots}`
  const fix = 'add workers, or raise taskmanager.numberOfTaskSlots'
  findings.error([...path, 'parallelism.default'], message, fix, parallelism)
}
