import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { type ObservedRun, observe } from '../../src/testing/observed-run.ts'
import published from './confluent-mrc-performance.json' with { type: 'json' }

const TEXT = readFileSync(new URL('./confluent-mrc-performance.yaml', import.meta.url), 'utf8')
const SEEDS = ['1', '2', '3']
const { ratios } = published

/** Records a second from the first hand-over to the last acknowledgement. */
function written({ history }: ObservedRun, producer: string): { records: number; rate: number } {
  const rows = [...history.produced].filter(
    ({ stream, outcome }) => history.streams[stream]?.producer === producer && outcome === 0,
  )
  const records = rows.reduce((sum, { count }) => sum + count, 0)
  const from = Math.min(...rows.map(({ createdFirst }) => createdFirst))
  const until = Math.max(...rows.map(({ doneAt }) => doneAt))
  return { records, rate: (records * 1e6) / (until - from) }
}

/** Records a second from the start of the consumer to its last delivery. */
function read({ history, scenario }: ObservedRun, name: string): { records: number; rate: number } {
  const consumer = history.consumers.findIndex((one) => one.name === name)
  const rows = [...history.delivered].filter((row) => row.consumer === consumer)
  const records = rows.reduce((sum, { count }) => sum + count, 0)
  const from = scenario.consumers.find((one) => one.name === name)?.start ?? 0
  return { records, rate: (records * 1e6) / (Math.max(...rows.map(({ at }) => at)) - from) }
}

describe.each(SEEDS)('the throughput of Confluent’s multi-region tutorial, seed %s', (seed) => {
  const run = observe(scenarioOf(TEXT, 'confluent-mrc-performance.yaml'), seed)
  const [single, sync, async] = ['single', 'sync', 'async'].map((name) => written(run, name))
  const [leader, observer] = ['from-leader', 'from-observer'].map((name) => read(run, name))

  it('is that of the records that its tools wrote and read', () => {
    const wanted = published.producer.published.map(({ records }) => records)
    expect([single?.records, sync?.records, async?.records]).toEqual(wanted)
    expect([leader?.records, observer?.records]).toEqual([5_000, 5_000])
  })

  it('is with observers about what it is in one region', () => {
    const ratio = (async?.rate ?? 0) / (single?.rate ?? 0)
    expect(ratio).toBeLessThan(ratios['async over single'].within)
    expect(ratio).toBeGreaterThan(1 / ratios['async over single'].within)
  })

  it('is in one region more than ten times what it is across two', () => {
    const ratio = (single?.rate ?? 0) / (sync?.rate ?? 0)
    expect(ratio).toBeGreaterThan(ratios['single over sync'].above)
  })

  it('is from an observer nearby more than twice what it is from the leader far away', () => {
    const ratio = (observer?.rate ?? 0) / (leader?.rate ?? 0)
    expect(ratio).toBeGreaterThan(ratios['observer over leader'].above)
  })
})
