import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f']

/** A link each way between each two clusters, each in a region of its own. */
function mesh(names: readonly string[], config: string, topic: string): string {
  const ways = names.flatMap((from) =>
    names.filter((to) => to !== from).map((to) => [from, to] as const),
  )
  const pairs = ways.filter(([from, to]) => from < to)
  const list = (lines: readonly string[]) => lines.map((line) => `  ${line}`).join('\n')
  return `
regions: {${names.map((name) => `${name}: {}`).join(', ')}}
network: {rtt: {${pairs.map(([a, b]) => `${a} ~ ${b}: 9ms`).join(', ')}}}
clusters:
${list(names.map((name) => `${name}: {brokers: {${name}: 3}, controllers: {${name}: 1}}`))}
topics:
${list(names.map((name) => `- {name: orders, cluster: ${name}, partitions: 1}`))}
consumers:
  - {name: reader, region: c, cluster: c, topic: ${topic}}
links:
${list(
  ways.map(([from, to]) => {
    const workers = `workers: {${to}: 1}`
    return `- {system: mirror-maker2, from: ${from}, to: ${to}, ${workers}, config: {${config}}}`
  }),
)}
`
}

const problemsOf = (...asked: Parameters<typeof mesh>) =>
  parseScenario(mesh(...asked), 'mesh.yaml').problems.map(({ message }) => message)

const THREE = NAMES.slice(0, 3)

describe('topics that MirrorMaker 2 creates may be named', () => {
  it('as its filter takes them', () => {
    expect(problemsOf(THREE, 'topics: orders', 'a.orders')).toEqual([])
    expect(problemsOf(THREE, 'topics: paid', 'a.orders')).toEqual(['unknown topic "a.orders"'])
    expect(problemsOf(THREE, 'topics: "o.*", topics.exclude: "ord.*"', 'a.orders')).toHaveLength(1)
  })

  it('copies of copies where the filter takes those, and none that comes home', () => {
    expect(problemsOf(THREE, '', 'b.a.orders')).toEqual([])
    expect(problemsOf(THREE, 'topics: orders', 'b.a.orders')).toHaveLength(1)
    expect(problemsOf(THREE, '', 'b.c.orders')).toEqual(['unknown topic "b.c.orders"'])
  })

  it('in a mesh of six, where every copy is copied on', () => {
    expect(problemsOf(NAMES, '', 'b.a.f.e.d.orders')).toEqual([])
    expect(problemsOf(NAMES, '', 'b.c.f.e.d.orders')).toHaveLength(1)
  })
})
