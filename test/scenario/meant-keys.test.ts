import { expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'
import { changed, MINIMAL } from './minimal.ts'

const LINKED = `
regions: { us: {}, eu: {} }
clusters:
  A: { brokers: { us: 1 }, controllers: { us: 1 } }
  B: { brokers: { eu: 1 }, controllers: { eu: 1 } }
topics: [{ name: orders, cluster: A, replicationFactor: 1 }]
links: [{ system: mirror-maker2, LINK }]
`

const TOPICS = 'write topic: …; who uses several has an entry for each'

it.each([
  ['topic: orders }', 'topic: orders, group: x }', 'write config: { group.id: … }'],
  ['topic: orders }', 'topic: orders, group.id: x }', 'write config: { group.id: … }'],
  ['topic: orders }', 'topic: orders, topics: [a] }', TOPICS],
  ['rate: 100/s', 'rate: 100/s, acks: all', 'write config: { acks: … }'],
  ['rate: 100/s', 'rate: 100/s, linger.ms: 5', 'write config: { linger.ms: … }'],
  ['rate: 100/s', 'rate: 100/s, size: 1KiB', 'write recordBytes: …'],
  ['partitions: 2', 'partitions: 2, replicas: 3', 'write replicationFactor: …'],
  ['partitions: 2', 'partitions: 2, retention.ms: 3', 'write config: { retention.ms: … }'],
  ['controllers: {', 'voters: {', 'write controllers: …'],
])('a key from memory is told its right one: %s → %s', (from, to, fix) => {
  const own = changed(from, to).problems.filter(({ message }) => message.startsWith('unknown key'))
  expect(own.map((problem) => problem.fix)).toEqual([fix])
})

it('a key that means nothing is answered with those that there are', () => {
  const [problem] = changed('rate: 100/s', 'rate: 100/s, zzzzzz: 1').problems
  expect(problem?.fix).toMatch(/^remove it; known here: name, region, /)
})

it('a link is told the keys of its own system, and not those of another', () => {
  const text = LINKED.replace('LINK', 'source: A, target: B, tasks.max: 2, mirrors: [orders]')
  const told = parseScenario(text, 'x.yaml').problems.map(({ path, fix }) => [path, fix])
  expect(told).toContainEqual(['links[0].source', 'write from: …'])
  expect(told).toContainEqual(['links[0].target', 'write to: …'])
  expect(told).toContainEqual(['links[0]["tasks.max"]', 'write config: { tasks.max: … }'])
  const [, mirrors] = told.find(([path]) => path === 'links[0].mirrors') ?? []
  expect(mirrors).not.toContain('did you mean "mirrors"')
})

it.each([
  ['rate: 100/s', 'rate: 100/s, config: { __proto__: 1 }', 'producers[0].config.__proto__'],
  ['partitions: 2', 'partitions: 2, "__proto__": { a: 1 }', 'topics[0].__proto__'],
  ['network:', '__proto__: { x: 1 }\nnetwork:', '__proto__'],
])('__proto__ is refused where it stands, and not dropped: %s → %s', (from, to, path) => {
  const [problem, ...more] = changed(from, to).problems
  expect(more).toEqual([])
  expect(problem).toMatchObject({ path, message: '"__proto__" cannot be a key' })
  const line = MINIMAL.replace(from, to)
    .split('\n')
    .findIndex((text) => text.includes('__proto__'))
  expect(problem?.line).toBe(line + 1)
})
