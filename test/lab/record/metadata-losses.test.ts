import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { observe } from '../../../src/testing/observed-run.ts'

const FILE = new URL('../../properties/found/only-voter-forgets.yaml', import.meta.url)
const TEXT = readFileSync(FILE, 'utf8')

it('the only voter loses with its power what it had committed, and the story says so', () => {
  const { history } = observe(scenarioOf(TEXT, 'only-voter-forgets.yaml'))
  expect(history.metadataLosses.length).toBeGreaterThan(0)
  for (const { node, records, event } of history.metadataLosses) {
    expect(node).toBe(101)
    expect(records).toBeGreaterThan(0)
    expect(history.events[event]).toMatchObject({ kind: 'metadata-lost', actor: 'controller 101' })
  }
})

it('a process crash leaves the page cache, and nothing committed is lost', () => {
  const { history } = observe(
    scenarioOf(TEXT.replace('model: os', 'model: process'), 'process.yaml'),
  )
  expect(history.metadataLosses).toEqual([])
})
