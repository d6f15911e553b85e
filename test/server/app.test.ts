import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CompareRequest } from '../../src/contract/compared-runs.ts'
import type { RunRequest } from '../../src/contract.ts'
import { fixtureCompared } from '../support/fixture-compared.ts'
import { fixtureResult } from '../support/fixture-result.ts'
import { fixtureLab, type RunningServer, startServer } from '../support/page-server.ts'

const NAME = 'q05-active-controller-region'
const page = mkdtempSync(join(tmpdir(), 'highwater-static-'))
let server: RunningServer
let asked: RunRequest[] = []
let compared: CompareRequest[] = []
let aborted: Promise<void>

beforeAll(async () => {
  writeFileSync(join(page, 'index.html'), '<title>Highwater</title>')
  let tellAborted = () => {}
  aborted = new Promise((resolve) => {
    tellAborted = resolve
  })
  const lab = fixtureLab({
    validate: () => {
      const place = { file: 'scenario', line: 3, column: 5, path: 'topics' }
      return { problems: [{ ...place, message: 'unknown', fix: null }], notes: [] }
    },
    run: async (request, signal) => {
      asked.push(request)
      if (request.seed === 'refuse') return { error: 'raise limits.events', problems: [] }
      if (request.seed === 'bug') throw new Error('high watermark moved back')
      if (request.seed === 'long') {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        tellAborted()
      }
      return fixtureResult({ seed: request.seed ?? '81723' })
    },
    compare: async (request) => {
      compared.push(request)
      if (request.seed === 'refuse') return { error: 'raise limits.events', problems: [] }
      return fixtureCompared(request)
    },
  })
  server = await startServer(lab, page)
})
afterAll(async () => {
  await server.stop()
  rmSync(page, { recursive: true })
})

const get = (path: string) => fetch(`${server.url}${path}`)
const post = (path: string, body: string, signal?: AbortSignal) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    ...(signal === undefined ? {} : { signal }),
  })

describe('the server', () => {
  it('lists scenarios and serves each with its text', async () => {
    const list = await (await get('api/scenarios')).json()
    expect(list).toMatchObject([{ name: NAME }])
    const one = await (await get(`api/scenarios/${NAME}`)).json()
    expect(one.yaml).toContain('region-loss')
  })

  it('answers a name that it does not know with 404 and a sentence', async () => {
    const response = await get('api/scenarios/nothing')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('nothing') })
    expect((await get('api/nothing')).status).toBe(404)
  })

  it('runs a scenario of the library or a text, with the seed that was asked for', async () => {
    asked = []
    const named = await post('api/run', JSON.stringify({ scenario: NAME, seed: '9' }))
    expect(await named.json()).toMatchObject({ seed: '9', verdict: 'met' })
    expect((await post('api/run', JSON.stringify({ yaml: 'regions: {}' }))).status).toBe(200)
    expect(asked).toEqual([{ scenario: NAME, seed: '9' }, { yaml: 'regions: {}' }])
  })

  it.each([
    ['no JSON', '{'],
    ['neither name nor text', '{}'],
    ['both', JSON.stringify({ scenario: NAME, yaml: 'x' })],
    ['a number for a name', '{"scenario": 7}'],
    ['a list', '[]'],
  ])('refuses a request that is %s with 400', async (_, body) => {
    const response = await post('api/run', body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: expect.any(String), problems: [] })
  })

  it('passes on why the lab refuses a scenario', async () => {
    const response = await post('api/run', JSON.stringify({ scenario: NAME, seed: 'refuse' }))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'raise limits.events' })
  })

  it('answers a bug with 500 and stays up', async () => {
    const response = await post('api/run', JSON.stringify({ scenario: NAME, seed: 'bug' }))
    expect(response.status).toBe(500)
    expect((await get('api/scenarios')).status).toBe(200)
  })

  it('compares designs, or one design with several seeds, as it was asked to', async () => {
    compared = []
    const designs = [{ scenario: NAME }, { yaml: 'regions: {}' }]
    const answer = await post('api/compare', JSON.stringify({ designs, seed: '7', runs: 3 }))
    const { comparison, shown } = await answer.json()
    expect(comparison).toMatchObject({ varies: 'design', seeds: ['7', '8', '9'], runs: 3 })
    expect(shown).toMatchObject([{ scenario: NAME, seed: '7' }, { seed: '7' }])
    const one = { designs: [{ scenario: NAME }], seeds: ['1', 'two'] }
    const chance = await (await post('api/compare', JSON.stringify(one))).json()
    expect(chance.comparison).toMatchObject({ varies: 'seed', seeds: ['1', 'two'], runs: 1 })
    expect(compared).toEqual([{ designs, seed: '7', runs: 3 }, one])
  })

  it.each([
    ['one design and no seeds', { designs: [{ scenario: NAME }] }, 'two to 4'],
    ['five designs', { designs: Array.from({ length: 5 }, () => ({ yaml: 'x' })) }, 'two to 4'],
    ['a design that is nothing', { designs: [{}, { scenario: NAME }] }, 'either'],
    ['both a name and a text', { designs: [{ scenario: NAME, yaml: 'x' }, {}] }, 'either'],
    ['numbers for seeds', { designs: [{ scenario: NAME }], seeds: [1, 2] }, 'texts'],
    ['too many runs', { designs: [{ yaml: 'x' }, { yaml: 'y' }], runs: 101 }, '1 to 100'],
    ['half a run', { designs: [{ yaml: 'x' }, { yaml: 'y' }], runs: 0.5 }, '1 to 100'],
    ['no designs', {}, 'two to 4'],
  ])('refuses to compare %s with 400 and says why', async (_, body, told) => {
    compared = []
    const response = await post('api/compare', JSON.stringify(body))
    expect(response.status).toBe(400)
    expect((await response.json()).error).toContain(told)
    expect(compared).toEqual([])
  })

  it('passes on why a comparison was refused', async () => {
    const designs = [{ yaml: 'x' }, { yaml: 'y' }]
    const response = await post('api/compare', JSON.stringify({ designs, seed: 'refuse' }))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'raise limits.events' })
  })

  it('gives up a run whose asker has gone', async () => {
    const leave = new AbortController()
    const answer = post('api/run', JSON.stringify({ scenario: NAME, seed: 'long' }), leave.signal)
    await expect.poll(() => asked.at(-1)?.seed).toBe('long')
    leave.abort()
    await expect(answer).rejects.toThrow()
    await aborted
  })

  it('names every problem of a text without running it', async () => {
    const response = await post('api/validate', JSON.stringify({ yaml: 'topcis: []' }))
    expect(await response.json()).toMatchObject({ problems: [{ line: 3, path: 'topics' }] })
  })

  it('refuses a text of more than a few megabytes with 413', async () => {
    const response = await post('api/run', JSON.stringify({ yaml: 'x'.repeat(4_000_000) }))
    expect(response.status).toBe(413)
  })

  it('serves the schema and the page', async () => {
    expect(await (await get('api/schema')).json()).toMatchObject({ type: 'object' })
    expect(await (await get('')).text()).toContain('Highwater')
  })
})
