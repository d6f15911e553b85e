import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { TimelineEvent } from '../../src/contract.ts'
import { run } from '../../src/lab/run.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { describeInBrowser } from '../support/browser.ts'
import { browserScript } from '../support/browser-script.ts'
import { ROOT } from '../tidy/source-code.ts'

// What a page would do with the engine: parse a text, run it, keep what tells two runs apart.
const ENTRY = `
  import { run } from './src/lab/run.ts'
  import { scenarioOf } from './src/scenario/parse.ts'
  globalThis.runInPage = (text, seed) => {
    const { digest, timeline } = run(scenarioOf(text, 'scenario.yaml'), seed, {})
    return { digest, timeline }
  }
`

interface Outline {
  readonly digest: string
  readonly timeline: readonly TimelineEvent[]
}

describeInBrowser('the engine in a browser', (browser) => {
  it.each(['q05-active-controller-region', 'q12-isolated-leader-acks1'])(
    'runs %s to the same digest as Node',
    async (name) => {
      const text = readFileSync(join(ROOT, `scenarios/${name}.yaml`), 'utf8')
      const page = await browser().newPage()
      await page.addScriptTag({ content: await browserScript(ENTRY) })
      const there = await page.evaluate((given): Outline => {
        const engine = globalThis as unknown as {
          runInPage(text: string, seed: string): Outline
        }
        return engine.runInPage(given, '7')
      }, text)
      const here = run(scenarioOf(text, 'scenario.yaml'), '7', {})
      const first = here.timeline.findIndex((event, i) => event.text !== there.timeline[i]?.text)
      expect(there.timeline[first], 'the first event that differs').toEqual(here.timeline[first])
      expect(there.digest).toBe(here.digest)
      await page.close()
    },
  )
})
