import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeInBrowser } from './support/browser.ts'
import { browserScript } from './support/browser-script.ts'
import { LIBRARY } from './support/library.ts'
import { type Observation, type ObservationRequest, observe } from './support/observed-run.ts'

/** Where a run may take place: in this thread, in another, in a browser. */
type Place = (request: ObservationRequest) => Promise<Observation>

// The engine and the observer, for a page.
const ENTRY = `
  import { observe } from './test/support/observed-run.ts'
  globalThis.observe = observe
`

const SEED = '4711'
const here: Place = async (request) => observe(request)

describe('a run', () => {
  it.each(LIBRARY)('of $name is the same when it is made again', async ({ text }) => {
    await expectSame(text, here)
  })

  it('with another seed is another one, and the event at which they part is named', async () => {
    const text = LIBRARY[0]?.text ?? ''
    const otherSeed: Place = (request) => here({ ...request, seed: '1' })
    const [told, observed] = [await here(first(text)), await otherSeed(first(text))]
    expect(observed.digest).not.toBe(told.digest)
    expect(await parting(text, told, observed, otherSeed)).toMatch(
      /event \d+ at \d+ us: .*\n.*event/,
    )
  })
})

describe('a run in a worker thread', () => {
  let worker: Worker
  beforeAll(() => {
    const entry = JSON.stringify(new URL('./support/observing-worker.ts', import.meta.url).href)
    const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'))
    worker = new Worker(
      `import(${tsx}).then((tsx) => { tsx.register(); return import(${entry}) })`,
      { eval: true },
    )
  })
  afterAll(() => worker.terminate())

  const there: Place = async (request) => {
    worker.postMessage(request)
    const [observation] = await once(worker, 'message')
    return observation
  }

  it.each(LIBRARY)('of $name is the same', async ({ text }) => {
    await expectSame(text, there)
  })
})

describeInBrowser('a run in a browser', (browser) => {
  let page: Page
  beforeAll(async () => {
    page = await browser().newPage()
    await page.addScriptTag({ content: await browserScript(ENTRY) })
  })

  const there: Place = (request) =>
    page.evaluate((given) => {
      const engine = globalThis as unknown as { observe: typeof observe }
      return engine.observe(given)
    }, request)

  it.each(LIBRARY)('of $name is the same', async ({ text }) => {
    await expectSame(text, there)
  })
})

/** Told once in this thread, whatever it is compared with. */
const tales = new Map<string, Observation>()

async function expectSame(text: string, there: Place): Promise<void> {
  const told = tales.get(text) ?? (await here(first(text)))
  tales.set(text, told)
  const observed = await there(first(text))
  expect(await parting(text, told, observed, there)).toBeNull()
  expect(observed.digest).toBe(told.digest)
  expect(observed.result, 'the result as JSON').toBe(told.result)
}

function first(text: string): ObservationRequest {
  return { text, seed: SEED, stretch: -1 }
}

/** The first event that is not the same in both, told from both; null where all are the same. */
async function parting(
  text: string,
  told: Observation,
  observed: Observation,
  there: Place,
): Promise<string | null> {
  const { stretches } = observed
  const length = Math.max(told.stretches.length, stretches.length)
  const indices = Array.from({ length }, (_, i) => i)
  const stretch = indices.findIndex((i) => told.stretches[i] !== stretches[i])
  if (stretch < 0) return null
  const mine = (await here({ ...first(text), stretch })).events
  const theirs = (await there({ ...first(text), stretch })).events
  const at = mine.findIndex((event, i) => event !== theirs[i])
  return `here:  ${mine[at] ?? 'the end'}\nthere: ${theirs[at] ?? 'the end'}`
}
