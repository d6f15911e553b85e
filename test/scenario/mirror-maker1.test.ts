import { expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'

function linked(version: string, options = 'include: orders') {
  return parseScenario(
    `
version: "${version}"
regions: {us: {}}
clusters:
  A: {brokers: {us: 3}, controllers: {us: 1}}
  B: {brokers: {us: 3}, controllers: {us: 1}}
topics: [{name: orders, cluster: A, replicationFactor: 1}]
links: [{system: mirror-maker1, from: A, to: B, workers: {us: 1}, options: {${options}}}]
`,
    'mm1.yaml',
  )
}

it('beside brokers that came after it MirrorMaker 1 is of 3.9, and a note says so', () => {
  const lingerOf = (version: string) => {
    const [link] = linked(version).scenario?.links ?? []
    return link?.system === 'mirror-maker1' ? link.producer['linger.ms'] : null
  }
  // KIP-1030 gave the producers of 4.0 another default.
  expect([lingerOf('3.9'), lingerOf('4.1')]).toEqual([0, 0])
  const notes = (version: string) => linked(version).notes.map(({ message }) => message)
  expect(notes('3.9').join()).not.toContain('MirrorMaker 1 is gone')
  expect(notes('4.1').join()).toContain('MirrorMaker 1 is gone from 4.0 on')
})

it('its list under the older name is told the newer one', () => {
  const fixes = linked('3.9', 'whitelist: orders').problems.map(({ fix }) => fix)
  expect(fixes).toContain('write include: …')
})
