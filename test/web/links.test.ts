import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FaultBand, RunResult, Series } from '../../src/contract.ts'
import { describeInBrowser } from '../support/browser.ts'
import { fixtureResult } from '../support/fixture-result.ts'
import { linkedResult } from '../support/linked-result.ts'
import { fixtureLab, type RunningServer, startServer } from '../support/page-server.ts'

let server: RunningServer
beforeAll(async () => {
  const run = () => Promise.resolve(linked())
  server = await startServer(fixtureLab({ run }))
})
afterAll(() => server.stop())

/** Ten records are not at the target in the run's first half, none in its second. */
function linked(): RunResult {
  const { series } = fixtureResult()
  const values = Array.from({ length: series.points }, (_, i) => (i < series.points / 2 ? 10 : 0))
  const lag: Series = { id: 'link.A->B.lag', label: 'behind', unit: 'records', values }
  const none = { records: 0, ageMs: 0, recordsMax: 0, ageMsMax: 0 }
  return linkedResult({
    regionLags: [
      { group: 'billing', region: 'eu-west-1', ...none },
      { group: 'billing', region: 'us-east-1', ...none, records: 7, recordsMax: 10, ageMsMax: 90 },
    ],
    series: { ...series, series: [...series.series, lag] },
    faults: [
      band(0, 'mirror-promote', 14_000, 14_000),
      band(1, 'region-loss us-east-1', 14_200, 44_200),
      band(2, 'mirror-failover', 15_000, 15_000),
      band(3, 'elect-leaders', 59_000, 59_000),
    ],
  })
}

function band(id: number, text: string, fromMs: number, untilMs: number): FaultBand {
  return { id, kind: text.split(' ')[0] ?? '', target: '', text, fromMs, untilMs }
}

async function open(browser: Browser, width: number, url = server.url): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 720 } })
  await page.goto(url)
  await page.locator('#verdicts .card').first().waitFor()
  return page
}

describeInBrowser('the page of a run with links', (browser) => {
  it('says below the map who copies whom, and how late at the cursor', async () => {
    const page = await open(browser(), 1280)
    const copies = page.locator('.copies li')
    await page.locator('h1').click()
    await page.keyboard.press('[')
    expect(await copies.allInnerTexts()).toEqual(['A → B cluster-link 10 records behind'])
    for (let i = 0; i < 9; i++) await page.keyboard.press(']')
    expect(await copies.allInnerTexts()).toEqual(['A → B cluster-link up to date'])
    await page.close()
  })

  it('gives each link a card, with what was missing at the promotion', async () => {
    const page = await open(browser(), 1280)
    const card = page.locator('#verdicts .card', { hasText: 'records copied' })
    const text = await card.innerText()
    expect(text).toMatch(/link A → B/i)
    expect(text).toMatch(/records copied\s*10/)
    expect(text).toMatch(/missing at 2\.000 s\s*10, 1\.0 kB, 100 ms/)
    expect(text).toMatch(/only with the old primary\s*10/)
    await page.close()
  })

  it('says how far readers were behind each region', async () => {
    const page = await open(browser(), 1280)
    const card = page.locator('#verdicts .card', { hasText: /readers behind each region/i })
    const text = await card.innerText()
    expect(text).toMatch(/billing ← eu-west-1\s*0 records, 0 ms/)
    expect(text).toMatch(/billing ← us-east-1\s*10 records, 90 ms; 7 at the end/)
    await page.close()
  })

  it.each([1280, 390])('begins no lane’s name outside the drawing at %i pixels', async (width) => {
    const { links, series } = linked()
    const name = 'from-the-far-south-east → us-east-1'
    const [from = '', to = ''] = name.split(' → ')
    const long = linkedResult({ series, links: links.map((link) => ({ ...link, from, to })) })
    const other = await startServer(fixtureLab({ run: () => Promise.resolve(long) }))
    const page = await open(browser(), width, other.url)
    const timeline = page.locator('svg', { has: page.locator('text.lane', { hasText: name }) })
    const drawing = await timeline.boundingBox()
    const lane = timeline.locator('text.lane', { hasText: name })
    expect(await lane.locator('tspan').allTextContents()).toEqual(['from-the-far-…', 'us-east-1'])
    for (const label of await timeline.locator('text.lane').all()) {
      expect((await label.boundingBox())?.x).toBeGreaterThanOrEqual(drawing?.x ?? 0)
    }
    await page.close()
    await other.stop()
  })

  it.each([1280, 390])('writes no fault over another at %i pixels', async (width) => {
    const page = await open(browser(), width)
    const boxes = await page.locator('text.fault').evaluateAll((texts) =>
      texts.map((text) => {
        const { left, right, top } = text.getBoundingClientRect()
        return { left, right, top, words: text.textContent ?? '' }
      }),
    )
    expect(boxes.map(({ words }) => words)).toContain('elect-leaders')
    expect(boxes).toHaveLength(4)
    for (const a of boxes) {
      for (const b of boxes) {
        const apart = a === b || a.top !== b.top || a.right < b.left || b.right < a.left
        expect(apart, `${a.words} and ${b.words}`).toBe(true)
      }
    }
    await page.close()
  })
})
