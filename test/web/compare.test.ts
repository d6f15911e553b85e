import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CompareRequest } from '../../src/contract/compared-runs.ts'
import type { LabPort } from '../../src/server/app.ts'
import { addressOf, choiceOf } from '../../web/compare/address.ts'
import { describeInBrowser } from '../support/browser.ts'
import { fixtureCompared } from '../support/fixture-compared.ts'
import { fixtureLab, type RunningServer, startServer } from '../support/page-server.ts'
import { faintTexts, namelessControls } from './page-checks.ts'

const [A, B] = ['q05-another-region', 'q05-active-controller-region']
const LIBRARY = ['q01-two-dc-even-voters', A, B, 'q13-region-at-once', 'q13-observers-promoted']
let server: RunningServer
const asked: CompareRequest[] = []

const compare: LabPort['compare'] = async (request) => {
  asked.push(request)
  if (request.seed !== 'broken') return fixtureCompared(request)
  const place = { file: 'scenario 2', line: 4, column: 1, path: 'topics' }
  return { error: 'invalid', problems: [{ ...place, message: 'missing', fix: null }] }
}

beforeAll(async () => {
  const [summary] = fixtureLab().list()
  if (summary === undefined) throw new Error('the fixture has a scenario')
  const list = () => LIBRARY.map((name) => ({ ...summary, name }))
  server = await startServer(fixtureLab({ list, compare }))
})
afterAll(() => server.stop())

async function open(browser: Browser, address = '', width = 1280, height = 720) {
  const page = await browser.newPage({ viewport: { width, height } })
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('requestfailed', (request) => complaints.push(request.url()))
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) complaints.push(`foreign ${request.url()}`)
  })
  await page.goto(`${server.url}compare.html${address}`)
  await page.locator('#lanes svg').waitFor()
  return { page, complaints }
}

const status = (page: Page) => expect.poll(() => page.locator('#status').innerText())
const PAIR = `#design=${A}&design=${B}&seed=7`

describeInBrowser('the comparison page', (browser) => {
  it('puts two designs beside one another, figure by figure, with the sentence', async () => {
    asked.length = 0
    const { page, complaints } = await open(browser(), PAIR)
    expect(asked).toEqual([{ designs: [{ scenario: A }, { scenario: B }], seed: '7', runs: 1 }])
    expect(await page.locator('.heads h2').allInnerTexts()).toEqual([`A\n${A}`, `B\n${B}`])
    expect(await page.locator('table.promises').innerText()).toMatch(
      /rto\.produce ≤ 15 s\s+✓ met\s+✗ missed/,
    )
    expect(await page.locator('table.measures').innerText()).toMatch(
      /recovery time, produce\s+14\.704 s\s+15\.704 s\s+\+1\.000 s/,
    )
    expect(await page.locator('.sentence').innerText()).toContain('with the one seed 7')
    expect(await page.locator('table.said').innerText()).toMatch(/Kafka\s+4\.1\s+4\.0/)
    expect(complaints).toEqual([])
    await page.close()
  })

  it('runs as many seeds as chosen, the first at once, and says then who is better', async () => {
    const { page } = await open(browser(), PAIR)
    asked.length = 0
    await page.locator('#runs').selectOption('20')
    await page.locator('#compare').click()
    await status(page).toContain('seeds 7 to 26')
    expect(asked.map(({ runs }) => runs)).toEqual([1, 20])
    expect(await page.locator('table.measures').innerText()).toMatch(/\+1\.000 s\s+A better/)
    expect(await page.locator('table.promises').innerText()).toMatch(
      /20 of 20\s+✗ 0 of 20\s+seed 7/,
    )
    await page.close()
  })

  it('has an address that leads back to it, and one in the history for each', async () => {
    const { page } = await open(browser(), PAIR)
    await page.getByText('Add a design').click()
    await page.getByLabel('Design C').selectOption('q13-region-at-once')
    await page.locator('#compare').click()
    await status(page).toContain('3 side by side')
    await page.reload()
    await status(page).toContain('3 side by side')
    expect(await page.getByLabel('Design C').inputValue()).toBe('q13-region-at-once')
    await page.goBack()
    await status(page).toContain('2 side by side')
    await page.close()
  })

  it('compares one scenario with several seeds, and calls what differs chance', async () => {
    asked.length = 0
    const { page } = await open(browser(), `#of=${B}&seed=1&seed=two`)
    expect(asked).toEqual([{ designs: [{ scenario: B }], seeds: ['1', 'two'] }])
    expect(await page.locator('.heads').innerText()).toMatch(/seed 1[\s\S]*seed two/)
    expect(await page.locator('#decision').innerText()).toContain('Chance alone')
    expect(await page.locator('table.said').count()).toBe(0)
    await page.getByText('designs', { exact: true }).click()
    expect(await page.getByLabel('Design A').inputValue()).toBe(B)
    await page.close()
  })

  it('moves all runs by one clock, and tells each value in its table too', async () => {
    const { page } = await open(browser(), PAIR)
    await page.locator('#moment').focus()
    await page.keyboard.press('Home')
    expect(await page.locator('text.now').textContent()).toBe('0.000 s')
    const readout = await page.locator('text.readout').allTextContents()
    await page.locator('#twin summary').click()
    const first = await page.locator('#twin tbody tr').first().locator('td').allInnerTexts()
    expect(readout.map((text) => text.slice(2))).toEqual(first)
    expect(await page.locator('text.outage-label').allTextContents()).toEqual([
      'RTO 14.7 s',
      'RTO 15.7 s',
    ])
    await page.close()
  })

  it('says what is wrong, and with which design', async () => {
    const { page } = await open(browser(), PAIR)
    await page.locator('#seed').fill('broken')
    await page.locator('#compare').click()
    await expect.poll(() => page.locator('#problems').innerText()).toContain('scenario 2:4 topics')
    await page.close()
  })

  it('is reached from the lab with what the lab shows, and leads back', async () => {
    const page = await browser().newPage()
    await page.goto(server.url)
    await page.locator('#verdicts .card').first().waitFor()
    await page.getByRole('link', { name: 'Compare' }).click()
    await status(page).toContain('side by side')
    expect(await page.getByLabel('Design A').inputValue()).toBe(B)
    expect(await page.getByLabel('Design B').inputValue()).toBe(A)
    await page.getByRole('link', { name: 'Lab' }).click()
    await status(page).toContain('seed 81723')
    await page.close()
  })

  it.each([
    [1280, 720],
    [390, 844],
  ])('fits %i x %i pixels, four designs too, and can be read', async (width, height) => {
    const four = LIBRARY.slice(0, 4).map((name) => `design=${name}`)
    const { page } = await open(browser(), `#${four.join('&')}&seed=1`, width, height)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBeLessThanOrEqual(width)
    expect(await page.evaluate(faintTexts)).toEqual([])
    expect(await page.evaluate(namelessControls)).toEqual([])
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('#lanes text')]
        .filter((text) => {
          const [box, svg] = [text.getBoundingClientRect(), text.closest('svg')]
          const around = svg?.getBoundingClientRect()
          return around !== undefined && (box.left < around.left || box.right > around.right)
        })
        .map((text) => text.textContent),
    )
    expect(cut).toEqual([])
    await page.close()
  })

  it('reads every address that it writes, and completes one that leaves something open', () => {
    const choices = [
      { kind: 'designs', scenarios: [A, B, LIBRARY[0] ?? ''], seed: 'a+1 &', runs: 20 },
      { kind: 'seeds', scenario: B, seeds: ['1', 'q+2'] },
    ] as const
    for (const choice of choices) expect(choiceOf(addressOf(choice), LIBRARY)).toEqual(choice)
    expect(choiceOf('', LIBRARY)).toMatchObject({ scenarios: [A, B], seed: '', runs: 1 })
    expect(choiceOf('design=q13-region-at-once', LIBRARY)).toMatchObject({
      scenarios: ['q13-region-at-once', 'q13-observers-promoted'],
    })
    expect(choiceOf(`of=${B}`, LIBRARY)).toEqual({ kind: 'seeds', scenario: B, seeds: ['1', '2'] })
  })
})
