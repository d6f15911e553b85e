import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeInBrowser } from '../support/browser.ts'
import { fixtureResult } from '../support/fixture-result.ts'
import { fixtureLab, type RunningServer, startServer } from '../support/page-server.ts'
import { faintTexts, namelessControls } from './page-checks.ts'

let server: RunningServer
const asked: unknown[] = []
const OWN = 'question: And mine?'

beforeAll(async () => {
  const place = { file: 'scenario', line: 2, column: 3, path: 'topics' }
  server = await startServer(
    fixtureLab({
      run: async (request) => {
        asked.push(request)
        if (request.yaml === undefined) return fixtureResult({ seed: request.seed ?? '81723' })
        if (request.yaml === OWN) return fixtureResult({ question: 'And mine?', answer: null })
        return {
          error: 'invalid',
          problems: [{ ...place, message: 'unknown key topcis', fix: 'write topics' }],
        }
      },
    }),
  )
})
afterAll(() => server.stop())

interface Opened {
  readonly page: Page
  /** Errors of scripts and failed or foreign requests. */
  readonly complaints: string[]
}

async function open(browser: Browser, width = 1280, height = 720): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height } })
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('requestfailed', (request) => complaints.push(request.url()))
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) complaints.push(`foreign ${request.url()}`)
  })
  await page.goto(server.url)
  await page.locator('#verdicts .card').first().waitFor()
  return { page, complaints }
}

describeInBrowser('the page', (browser) => {
  it('runs the first scenario and shows its verdict, without a foreign request', async () => {
    const { page, complaints } = await open(browser())
    const verdicts = page.locator('#verdicts')
    expect(await page.locator('h1').innerText()).toContain('active controller')
    expect(await verdicts.innerText()).toMatch(/2 of 2 objectives met/)
    expect(await verdicts.innerText()).toMatch(/records lost of 214,881 acknowledged/)
    expect(await verdicts.innerText()).toMatch(/14\.7 s[\s\S]*detect\s*12\.3[\s\S]*client\s*2\.3/)
    expect(await page.locator('canvas').count()).toBe(3)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('moves through the run by keys, and every view follows', async () => {
    const { page } = await open(browser())
    const title = page.locator('#replicas-title')
    expect(await title.innerText()).toMatch(/28\.904/)
    await page.locator('h1').click()
    await page.keyboard.press('[')
    expect(await title.innerText()).toMatch(/14\.200/)
    expect(await page.locator('#events .current').innerText()).toContain('us-east-1 lost')
    expect(await page.locator('.region.lost').innerText()).toContain('us-east-1')
    await page.keyboard.press('ArrowRight')
    expect(await title.innerText()).toMatch(/17\.800/)
    expect(await page.locator('.broker', { hasText: 'broker 4' }).innerText()).toContain('ctrl')
    await page.close()
  })

  it('walks from an event to the fault that caused it', async () => {
    const { page } = await open(browser())
    await page.locator('#events li', { hasText: 'first acknowledgement' }).getByText('why?').click()
    const chain = await page.locator('#why li').allInnerTexts()
    expect(chain).toHaveLength(4)
    expect(chain.at(-1)).toContain('us-east-1 lost')
    await page.close()
  })

  it('saves the result as the JSON that the command line replays', async () => {
    const { page } = await open(browser())
    const download = page.waitForEvent('download')
    await page.getByText('Save as JSON').click()
    expect((await download).suggestedFilename()).toBe('q05-active-controller-region-81723.json')
    expect(await page.locator('code.replay').innerText()).toContain('--seed 81723')
    await page.close()
  })

  it('has an address that leads back to what it shows', async () => {
    const { page } = await open(browser())
    await page.locator('#seed').fill('12')
    await page.locator('#run').click()
    await expect.poll(() => page.locator('#status').innerText()).toContain('seed 12')
    await page.reload()
    await expect.poll(() => page.locator('#status').innerText()).toContain('seed 12')
    await page.close()
  })

  it('gives every chart a table with the same values', async () => {
    const { page } = await open(browser())
    const chart = page.locator('figure', { hasText: 'Smallest ISR' })
    await chart.getByText('as a table').click()
    const values = await chart.locator('tbody td').allInnerTexts()
    expect(new Set(values)).toEqual(new Set(['3', '2']))
    await page.close()
  })

  it('runs with another seed, and an edited scenario as text', async () => {
    const { page } = await open(browser())
    await page.locator('#seed').fill('9')
    await page.locator('#run').click()
    await expect.poll(() => page.locator('#status').innerText()).toContain('seed 9')
    await page.locator('#text').fill('topcis: []')
    await page.locator('#run').click()
    await expect.poll(() => page.locator('#problems').innerText()).toContain('line 2 topics')
    expect(await page.locator('#problems').innerText()).toContain('write topics')
    expect(asked.at(-1)).toMatchObject({ yaml: 'topcis: []', seed: '9' })
    await page.close()
  })

  it('asks the question of the text that was run, and again the library’s', async () => {
    const { page } = await open(browser())
    const library = await page.locator('#question').innerText()
    const text = await page.locator('#text').inputValue()
    await page.locator('#text').fill(OWN)
    await page.locator('#run').click()
    await expect.poll(() => page.locator('#question').innerText()).toBe('And mine?')
    expect(await page.locator('#answer').innerText()).toBe('')
    const [fault] = fixtureResult().faults
    const chip = page.locator('#facts .chip.fault').first()
    expect(await chip.innerText()).toContain(`${fault?.text} at 14.2 s for 30 s`)
    await page.locator('#text').fill(text)
    await page.locator('#run').click()
    await expect.poll(() => page.locator('#question').innerText()).toBe(library)
    await page.close()
  })

  it.each([
    [1280, 720],
    [390, 844],
  ])('fits %i x %i pixels without scrolling sideways', async (width, height) => {
    const { page } = await open(browser(), width, height)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBeLessThanOrEqual(width)
    await page.close()
  })

  it('has text that stands out from what is behind it, by WCAG 2.2 AA', async () => {
    const { page } = await open(browser())
    expect(await page.evaluate(faintTexts)).toEqual([])
    await page.close()
  })

  it('can be used by keyboard alone: every control takes focus and has a name', async () => {
    const { page } = await open(browser())
    const nameless = await page.evaluate(namelessControls)
    expect(nameless).toEqual([])
    await page.close()
  })
})
