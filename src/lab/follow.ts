// One record followed through a run: producer, partition and number in, its life out.

import { lifeOf, recordIdOf } from '../check/record-life.ts'
import type { RecordLife, RunResult } from '../contract.ts'
import type { History } from '../history.ts'
import type { Scenario } from '../scenario/model.ts'
import { usageError } from '../scenario/usage-error.ts'
import { completed, type RunOptions } from './run.ts'

/** A run, and what became of one of its records. */
export interface Followed {
  readonly result: RunResult
  readonly life: RecordLife
}

/**
 * Runs `scenario` and follows a record.
 * @param record `producer/partition/number`, as in 'shop/orders-0/4711'; numbers count from 0
 */
export function follow(
  scenario: Scenario,
  seed: string,
  record: string,
  options: RunOptions = {},
): Followed {
  const { result, history } = completed(scenario, seed, options)
  return { result, life: lifeOf(history, idOf(history, record)) }
}

function idOf(history: History, record: string): number {
  const [, producer = '', partition = '', number = ''] = /^(.+)\/(.+)\/(\d+)$/.exec(record) ?? []
  if (number !== '') {
    const id = recordIdOf(history, producer, partition, Number(number))
    if (id !== null) return id
  }
  const names = history.streams.map((stream) => {
    return `${stream.producer}/${history.partitionName(stream.partition)}`
  })
  const fix = `producer/partition/number, the number from 0; there are ${names.join(', ')}`
  throw usageError('the run has no such record', fix, record)
}
