// Models: which settings of Mirus have an effect in the model, with type and default.
// Leaves out: converters, transformations, addresses; a scenario that sets one gets a note.
// Source: com.salesforce.mirus.config: SourceConfigDefinition, TaskConfigDefinition,
// MirusConfigDefinition.

import { CONNECT_WORKER_SETTINGS } from './connect.ts'
import { bool, choice, int, list, long, word } from './rules.ts'

/** Settings of a source connector of Mirus, and of its tasks. */
export const MIRUS_SETTINGS = {
  'commit.failure.restart.ms': long(300_000),
  'destination.topic.name.prefix': word(''),
  'destination.topic.name.suffix': word(''),
  'enable.destination.topic.checking': bool(true),
  'enable.partition.matching': bool(false),
  'errors.tolerance': choice('none', ['none', 'all']),
  'monitor.poll.wait.ms': long(60_000, { min: 1 }),
  'poll.timeout.ms': long(1000, { min: 1 }),
  'replay.policy': choice('IGNORE', ['IGNORE', 'FILTER']),
  'replay.window.records': long(50_000),
  'tasks.max': int(1, { min: 1, max: 1000 }),
  'topics.regex': word(''),
  'topics.regex.list': list(''),
  'topics.whitelist': list(''),
} as const

/** Settings of a worker: those of any Connect worker, and Mirus's own. */
export const MIRUS_WORKER_SETTINGS = {
  ...CONNECT_WORKER_SETTINGS,
  'mirus.task.auto.restart.enabled': bool(true),
  'mirus.task.monitor.polling.interval.ms': long(120_000, { min: 1 }),
} as const

/** Known to Mirus and without effect here. */
export const MIRUS_UNMODELLED: readonly string[] = [
  'connector.class',
  'consumer.client.id',
  'destination.bootstrap.servers',
  'source.header.converter',
  'source.key.converter',
  'source.value.converter',
  'transforms',
]

export const MIRUS_WORKER_UNMODELLED: readonly string[] = ['mirus.connector.auto.restart.enabled']
