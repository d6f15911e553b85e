// One thing wrong with a log of a living cluster.

import type { ProducerEntry } from '../../../src/kafka/log/producer-entry.ts'
import { type Break, set } from './break.ts'
import { first, found, type Living } from './living.ts'

function producerOf(it: Living): ProducerEntry {
  return first(it.log(2).producers.entries())
}

export const LOG_BREAKS: readonly Break[] = [
  [
    'a log has no gap',
    'broker-1',
    (it) => set(found(it.log(1).batches()[1], 'batch'), 'baseOffset', 999),
  ],
  [
    'a batch holds records',
    'broker-1',
    (it) => set(found(it.log(1).batches()[1], 'batch'), 'count', 0),
  ],
  [
    'a log is as large as its batches',
    'broker-1',
    (it) => set(found(it.log(1).batches()[0], 'batch'), 'bytes', 1),
  ],
  [
    'no epoch begins behind the log’s end',
    'broker-2',
    (it) => it.log(2).epochs.assign(99, 1_000_000),
  ],
  ['the epoch of a batch is noted', 'broker-2', (it) => it.log(2).epochs.clear()],
  [
    'a producer’s last batches are remembered',
    'broker-2',
    (it) => producerOf(it).batches.push(...producerOf(it).batches),
  ],
  ['a producer’s batches are in order', 'broker-2', (it) => producerOf(it).batches.reverse()],
  [
    'no remembered batch is passed over',
    'broker-2',
    (it) => (producerOf(it).firstSequenceMax = -1),
  ],
  ['a producer is found by its id', 'broker-2', (it) => set(producerOf(it), 'producerId', 77)],
  [
    'a remembered batch is in the log',
    'broker-2',
    (it) => set(found(producerOf(it).batches.at(-1), 'batch'), 'lastOffset', 1_000_000),
  ],
]
