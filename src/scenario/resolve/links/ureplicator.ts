// A link of uReplicator: workers, controllers, their ZooKeepers, and the settings of each.

import type { ConsumerSettings, ProducerSettings } from '../../../kafka/settings/modelled.ts'
import { defaultSettings } from '../../../kafka/settings/resolve.ts'
import type { UReplicatorDocument } from '../../document/links.ts'
import { type LinkBase, plainNameOf, type UReplicatorSpec } from '../../links.ts'
import type { Path } from '../../problem.ts'
import type { Findings } from '../findings.ts'
import { checkedSettings } from '../release.ts'
import type { LinkSurroundings } from '../surroundings.ts'
import { resolveService, resolveWorkers } from './workers.ts'

const MAX_BLOCK_MS = 600_000

/** Without a ZooKeeper for commits, workers keep their positions in that of Helix. */
export function resolveUReplicator(
  path: Path,
  link: UReplicatorDocument,
  base: LinkBase,
  { regions, release }: LinkSurroundings,
  findings: Findings,
): UReplicatorSpec {
  const { version } = release
  const prefix = `ureplicator-${plainNameOf(base.name)}`
  const placed = (key: 'workers' | 'controllers', name: string) =>
    resolveWorkers([...path, key], link[key], name, regions, findings)
  const service = (key: 'helix' | 'commit', place: string, name: string) =>
    resolveService([...path, 'zookeeper', key], place, name, regions, findings)
  const { helix, commit } = link.zookeeper
  const helixZookeeper = service('helix', helix, `${prefix}-zookeeper`)
  checkMapping([...path, 'topicMapping'], link, findings)
  const settings = <C extends 'ureplicatorController' | 'ureplicatorWorker'>(
    component: C,
    key: 'controller' | 'worker',
  ) => {
    const defaults = defaultSettings(component, version)
    return checkedSettings(component, [...path, key], link[key], defaults, release, findings)
  }
  return {
    system: 'ureplicator',
    ...base,
    start: link.start,
    workers: placed('workers', prefix),
    controllers: placed('controllers', `${prefix}-controller`),
    helixZookeeper,
    commitZookeeper:
      commit === undefined
        ? helixZookeeper
        : service('commit', commit, `${prefix}-commit-zookeeper`),
    topics: link.topics,
    topicMapping: link.topicMapping,
    controller: settings('ureplicatorController', 'controller'),
    worker: settings('ureplicatorWorker', 'worker'),
    ...clientsOf(path, link, release, findings),
  }
}

function clientsOf(
  path: Path,
  link: UReplicatorDocument,
  release: LinkSurroundings['release'],
  findings: Findings,
): Pick<UReplicatorSpec, 'producer' | 'consumer'> {
  const { version } = release
  // ProducerThread.maybeSetDefaultProperty
  const producer: ProducerSettings = {
    ...defaultSettings('producer', version),
    acks: 'all',
    'max.in.flight.requests.per.connection': 1,
    'max.block.ms': MAX_BLOCK_MS,
  }
  const consumer: ConsumerSettings = {
    ...defaultSettings('consumer', version),
    'enable.auto.commit': false,
    'group.id': 'ureplicator',
  }
  const write = [...path, 'producer']
  const read = [...path, 'consumer']
  return {
    producer: checkedSettings('producer', write, link.producer, producer, release, findings),
    consumer: checkedSettings('consumer', read, link.consumer, consumer, release, findings),
  }
}

/** A name that no list holds would be mapped in vain. */
function checkMapping(path: Path, link: UReplicatorDocument, findings: Findings): void {
  for (const topic of Object.keys(link.topicMapping)) {
    if (!link.topics.includes(topic))
      findings.unknown([...path, topic], 'topic', topic, link.topics)
  }
}
