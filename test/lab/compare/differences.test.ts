import { describe, expect, it } from 'vitest'
import { differencesOf } from '../../../src/lab/compare/differences.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { MINIMAL } from '../../scenario/minimal.ts'

const FAULT =
  'faults: [{ at: 5s, slow-link: { between: [region east, region west], delay: 20ms }, for: 4s }]\n'
const BASE = `${MINIMAL}${FAULT}`

function subjects(changed: string): (readonly [string, ...(string | null)[]])[] {
  if (changed === BASE) throw new Error('the change hits nothing')
  const scenarios = [BASE, changed].map((text) => scenarioOf(text, 'test.yaml'))
  return differencesOf(scenarios).map(({ subject, values }) => [subject, ...values])
}

describe('what designs say differently', () => {
  it('is nothing for two files that say the same', () => {
    const scenarios = [BASE, `# a comment\n${BASE}`].map((text) => scenarioOf(text, 'test.yaml'))
    expect(differencesOf(scenarios)).toEqual([])
  })

  it.each([
    ['50ms', '60ms', ['east → west delay', '25 ms', '30 ms']],
    ['brokers: { east: 2', 'brokers: { east: 3', ['brokers', 'east/a: 1; east/b: 2', null]],
    ['rate: 100/s', 'rate: 200/s', ['producer shop load', null, null]],
    ['delay: 20ms', 'delay: 40ms', ['fault 1', null, null]],
    ['for: 4s', 'for: 5s', ['fault 1', null, null]],
    ['partitions: 2', 'partitions: 3', ['topic orders partitions', '2', '3']],
    [
      'cluster:\n',
      'cluster:\n  config: { broker.session.timeout.ms: 6000 }\n',
      ['broker broker.session.timeout.ms', '9000', '6000'],
    ],
    [
      'cluster:\n',
      'cluster:\n  config: { log.flush.interval.messages: 1 }\n',
      ['broker log.flush.interval.messages', '9223372036854775807', '1'],
    ],
  ])('names what %s in place of %s changes', (from, to, [subject, before, after]) => {
    const found = subjects(BASE.replace(from, to)).find(([name]) => name === subject)
    expect(found).toBeDefined()
    if (typeof before === 'string') expect(found?.[1]).toContain(before)
    if (typeof after === 'string') expect(found?.[2]).toContain(after)
    expect(found?.[1]).not.toBe(found?.[2])
  })

  it('says of a thing that only one design has that the other has none', () => {
    const more = `${BASE}`.replace(FAULT, '')
    expect(subjects(more)).toEqual([
      ['fault 1', expect.stringContaining('slow-link region east region west'), null],
    ])
  })

  it.each([
    ['workers: { east: 1 }', 'workers: { west: 1 }', 'link copy workers'],
    ['system: mirror-maker2', 'system: connect', 'link copy system'],
    ['ttl: 30s', 'ttl: 5m', 'name kafka.example ttl'],
    ['decide: 20s', 'decide: 9m', 'runbook over decide'],
    ['takes: 10s', 'takes: 20s', 'runbook over step 1 takes'],
    ['every: 5s', 'every: 7s', 'runbook over detect every'],
  ])('names what lies between clusters: %s in place of %s', (from, to, subject) => {
    const changed = BETWEEN.replace(from, to)
    expect(changed).not.toBe(BETWEEN)
    const scenarios = [BETWEEN, changed].map((text) => scenarioOf(text, 'test.yaml'))
    const found = differencesOf(scenarios)
    expect(found.map((one) => one.subject)).toContain(subject)
    // Defaults of a system that the other design does not have say nothing of either.
    expect(found.length).toBeLessThan(12)
  })
})

const BETWEEN = `
regions: {east: {}, west: {}}
network: {rtt: {east ~ west: 50ms}}
clusters:
  A: {brokers: {east: 3}, controllers: {east: 3}}
  B: {brokers: {west: 3}, controllers: {west: 3}}
topics:
  - {name: orders, cluster: A, partitions: 1, replicationFactor: 3}
endpoints:
  kafka.example: {kind: dns, cluster: A, ttl: 30s}
producers:
  - {name: shop, region: east, cluster: A, topic: orders, rate: 10/s}
links:
  - {system: mirror-maker2, name: copy, from: A, to: B, workers: { east: 1 }}
runbooks:
  - name: over
    detect: {probe: {cluster: A, region: west, every: 5s, timeout: 3s, failures: 3}}
    decide: 20s
    steps:
      - {takes: 10s, start-link: {link: copy}}
`
