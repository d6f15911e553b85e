import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { calibrate } from './real-kafka/calibrate.ts'
import { readExperiment } from './real-kafka/experiment.ts'

type Json = { [key: string]: Json | Json[] | string | number | boolean | null }

const FOLDER = mkdtempSync(join(tmpdir(), 'experiments-'))
afterAll(() => rmSync(FOLDER, { recursive: true }))

/** A file of the collection, changed and cut down to one case. */
function reportOf(name: string, index: number, change: (file: Json, one: Json) => void) {
  const path = fileURLToPath(new URL(`./real-kafka/experiments/${name}.json`, import.meta.url))
  const file = JSON.parse(readFileSync(path, 'utf8')) as Json
  const one = (file.cases as Json[])[index] as Json
  file.cases = [one]
  change(file, one)
  const copy = join(FOLDER, `${name}.json`)
  writeFileSync(copy, JSON.stringify(file))
  return calibrate(readExperiment(copy), 1)
}

function changed(name: string, index: number, change: (file: Json, one: Json) => void) {
  return reportOf(name, index, change).figures
}

/** The first simulated figure of a changed case over that of the case as it was. */
function ratio(name: string, index: number, change: (file: Json, one: Json) => void): number {
  const first = (of: (file: Json, one: Json) => void) =>
    changed(name, index, of)[0]?.simulated?.median ?? Number.NaN
  return first(change) / first(() => {})
}

describe('a setting that an experiment gives has its effect', () => {
  it.each<[string, string, number, (file: Json, one: Json) => void, number, number]>([
    ['a smaller batch', 'throughput', 0, (_, one) => set(one, 'batch.size', 8192), 0.4, 0.6],
    [
      'a name of brokers and producers, said of the producer',
      'throughput',
      0,
      (_, one) => set(one, 'compression.type', 'none'),
      0.95,
      1.05,
    ],
    ['acks=1', 'throughput', 0, (_, one) => set(one, 'acks', '1'), 3, 100],
    ['smaller records', 'throughput', 0, (_, one) => set(one, 'record_bytes', 500), 1.8, 2.2],
    ['a narrow link', 'throughput', 1, (_, one) => set(one, 'bandwidth_bit_s', 8e6), 0.2, 0.6],
    [
      'a small window',
      'throughput',
      1,
      (f) => broker(f, 'replica.socket.receive.buffer.bytes', 16_384),
      0.2,
      0.6,
    ],
    [
      'a small send buffer',
      'throughput',
      1,
      (f) => broker(f, 'socket.send.buffer.bytes', 16_384),
      0.2,
      0.6,
    ],
    ['linger', 'latency-a', 0, (_, one) => set(one, 'linger.ms', 20), 8, 10],
    ['linger in how', 'latency-a', 0, (f) => set(f.how as Json, 'linger.ms', 20), 8, 10],
    ['one pair far apart', 'latency-a', 2, (_, one) => far(one), 1.4, 4],
    ['linger', 'loss', 0, (_, one) => set(one, 'linger.ms', 20), 1.3, 1.4],
    ['a longer way', 'loss', 0, (_, one) => set(one, 'rtt_ms', 100), 1.8, 2],
    ['acks=1 in the claim', 'loss', 0, (f) => set(f, 'claim', 'acks=1, one at a time'), 0, 0.1],
    ['another rack', 'follower-fetch', 2, (_, one) => set(one, 'client.rack', 'r1'), 0, 0.5],
    ['another region', 'follower-fetch', 3, (_, one) => set(one, 'consumer_region', 'r1'), 0, 0.8],
    ['fetch.min.bytes', 'follower-fetch', 3, (_, one) => set(one, 'fetch.min.bytes', 9999), 2, 9],
  ])('%s', (_what, name, index, change, from, to) => {
    const found = ratio(name, index, change)
    expect(found).toBeGreaterThan(from)
    expect(found).toBeLessThan(to)
  })
})

describe('a setting of Kafka that the model ignores is said beside the figures', () => {
  it.each<[string, string, (file: Json, one: Json) => void, string]>([
    ['of a case', 'loss', (_, one) => set(one, 'metrics.num.samples', 3), 'metrics.num.samples'],
    ['of brokers', 'loss', (f) => broker(f, 'background.threads', 4), 'background.threads'],
    ['of the topic', 'loss', (f) => topic(f, 'cleanup.policy', 'compact'), 'cleanup.policy'],
  ])('%s', (_what, name, change, setting) => {
    const { notes, figures } = reportOf(name, 0, change)
    expect(notes).toEqual([`${setting} is not modelled: no effect`])
    expect(figures).not.toHaveLength(0)
  })

  it('but for one that has its default', () => {
    const { notes } = reportOf('loss', 0, (f) => broker(f, 'background.threads', 10))
    expect(notes).toEqual([])
  })
})

describe('a setting that cannot be honoured is refused, with its name', () => {
  it.each<[string, string, (file: Json, one: Json) => void, RegExp]>([
    ['an unknown key of a case', 'loss', (_, one) => set(one, 'weather', 'bad'), /weather/],
    ['an unknown key of the file', 'loss', (f) => set(f, 'weather', 'bad'), /weather/],
    [
      'an unknown broker setting',
      'throughput',
      (f) => broker(f, 'foreground.threads', 4),
      /foreground/,
    ],
    ['an unknown topic setting', 'loss', (f) => topic(f, 'cleanup.polity', 'x'), /cleanup/],
    ['other words', 'latency-a', (f) => set(f.how as Json, 'closed', 'some'), /some/],
    [
      'another way to count',
      'throughput',
      (f) => set(f.how as Json, 'counted', 'somehow'),
      /somehow/,
    ],
    ['a region without a client host', 'loss', (_, one) => set(one, 'client_region', 'r9'), /r9/],
    ['a value that is none', 'loss', (_, one) => set(one, 'linger.ms', 'long'), /linger/],
    [
      'a pair of regions without a round trip',
      'loss',
      (f) => (f.network = { rtt_ms: { 'r1-r2': 50 } }),
      /r1 and r3/,
    ],
  ])('%s', (_what, name, change, words) => {
    expect(() => changed(name, 0, change)).toThrow(words)
  })
})

function far(one: Json): void {
  one.rtt_ms = { 'r1-r2': 20, 'r1-r3': 60, 'r2-r3': 20 }
}

function set(target: Json, name: string, value: string | number): void {
  target[name] = value
}

function broker(file: Json, name: string, value: string | number): void {
  set(file.broker_config as Json, name, value)
}

function topic(file: Json, name: string, value: string | number): void {
  set((file.topic as Json).config as Json, name, value)
}
