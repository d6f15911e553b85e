// A link of the first MirrorMaker: its processes, its command line and its two configurations.

import type { ConsumerSettings, ProducerSettings } from '../../../kafka/settings/modelled.ts'
import { defaultSettings } from '../../../kafka/settings/resolve.ts'
import { compareVersions, type KafkaVersion } from '../../../kafka/version.ts'
import { IncludeList, type MirrorMaker1Options } from '../../../mirror/mirror-maker1/options.ts'
import type { MirrorMaker1Document } from '../../document/links.ts'
import { type LinkBase, type MirrorMaker1Spec, plainNameOf } from '../../links.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import { checkedSettings } from '../release.ts'
import type { LinkSurroundings } from '../surroundings.ts'
import { NEVER_INT, NEVER_LONG } from './never.ts'
import { resolveWorkers } from './workers.ts'

/**
 * Unset client settings are those that its main program sets: acks all, one request in flight, no
 * time-out of delivery, no commits of the consumer's own.
 */
export function resolveMirrorMaker1(
  path: Path,
  link: MirrorMaker1Document,
  base: LinkBase,
  { regions, release }: LinkSurroundings,
  findings: Findings,
): MirrorMaker1Spec {
  const version = releaseOf(path, release.version, findings)
  const options = optionsOf(link)
  checkInclude([...path, 'options', 'include'], options, findings)
  // MirrorMaker.checkArgs
  const producer: ProducerSettings = {
    ...defaultSettings('producer', version),
    acks: 'all',
    'max.in.flight.requests.per.connection': 1,
    'delivery.timeout.ms': NEVER_INT,
    'max.block.ms': NEVER_LONG,
  }
  const consumer: ConsumerSettings = {
    ...defaultSettings('consumer', version),
    'enable.auto.commit': false,
    'group.id': `mm1-${base.from}-${base.to}`,
  }
  const prefix = `mm1-${plainNameOf(base.name)}`
  const read = [...path, 'consumer']
  const write = [...path, 'producer']
  return {
    system: 'mirror-maker1',
    ...base,
    start: link.start,
    workers: resolveWorkers([...path, 'workers'], link.workers, prefix, regions, findings),
    options,
    producer: checkedSettings('producer', write, link.producer, producer, release, findings),
    consumer: checkedSettings('consumer', read, link.consumer, consumer, release, findings),
  }
}

/** The last release that has it: 4.0 removed it (KAFKA-14262). */
const LAST_RELEASE = '3.9'

/** Beside later brokers its processes are older, and have the defaults of their clients. */
function releaseOf(path: Path, version: KafkaVersion, findings: Findings): KafkaVersion {
  if (compareVersions(version, LAST_RELEASE) <= 0) return version
  const message = `MirrorMaker 1 is gone from 4.0 on: its processes are of ${LAST_RELEASE}`
  findings.note(path, `${message}, and have the defaults of its clients`)
  return LAST_RELEASE
}

function optionsOf({ options, handler }: MirrorMaker1Document): MirrorMaker1Options {
  return {
    numStreams: options['num.streams'],
    include: options.include,
    offsetCommitIntervalMs: options['offset.commit.interval.ms'],
    abortOnSendFailure: options['abort.on.send.failure'],
    handler,
  }
}

function checkInclude(path: Path, { include }: MirrorMaker1Options, findings: Findings): void {
  try {
    new IncludeList(include)
  } catch {
    const fix = 'write names or regular expressions, with commas between them'
    findings.error(path, 'not a regular expression', fix, include)
  }
}
