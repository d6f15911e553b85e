import { expect, it } from 'vitest'
import { propertiesSource } from '../../../src/scenario/import/properties-text.ts'
import { imported } from './imported.ts'

const read = (text: string) => propertiesSource({ path: 'a.properties', text })

it.each([
  ['a=1', { a: '1' }],
  ['a : 1', { a: '1' }],
  ['a 1', { a: '1' }],
  ['  a=1  ', { a: '1' }],
  ['# x=1\n! y=2\na=1', { a: '1' }],
  ['a=1,\\\n   2,\\\r\n   3', { a: '1,2,3' }],
  ['a=1\\\\\nb=2', { a: '1\\', b: '2' }],
  ['a=\\\n# no comment here', { a: '# no comment here' }],
  ['a\\=b=1', { 'a=b': '1' }],
  ['a=\\u00e4\\t|\\:', { a: 'ä\t|:' }],
  ['a', { a: '' }],
  ['a=1\\', { a: '1' }],
])('%j is read as Java does', (text, values) => {
  const source = read(text)
  expect(Object.fromEntries(source.keys().map((key) => [key, source.look(key)]))).toEqual(values)
})

it('a key keeps its line whatever it is made of', () => {
  const source = read('x=1\n\na\\=b=1\n__proto__=2')
  expect(source.line(['a=b'])).toBe(3)
  expect(source.line(['__proto__'])).toBe(4)
  expect(source.keys()).toEqual(['x', 'a=b', '__proto__'])
})

const FLOW = 'clusters = A, B\nA->B.enabled = true\n'

it('nothing of a file of MirrorMaker is dropped in silence', () => {
  const { leftOut } = imported({
    'mm2.properties': `${FLOW}B->A.enabled = yes
replication.factor = 1
replication.factor = 2
__proto__ = x
A->B.topcis = orders
`,
  })
  expect(leftOut.split('\n').sort()).toEqual([
    'mm2.properties:3 ["B->A.enabled"]: not true, and so MirrorMaker 2 takes it for false',
    'mm2.properties:4 ["replication.factor"]: it is there again below, and the last one counts',
    'mm2.properties:6 __proto__: no setting of MirrorMaker 2',
    'mm2.properties:7 ["A->B.topcis"]: no setting of a flow',
  ])
})

it('what a scenario made of it cannot be is said with the names of the files', () => {
  expect(() => imported({ 'mm2.properties': `${FLOW}A->B.topics = [\n` })).toThrow(
    /the scenario made of mm2\.properties:\d+:\d+: error: links\[0\]\.config\.topics/,
  )
})
