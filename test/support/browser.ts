import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'

const PLACES = [
  process.env.HIGHWATER_BROWSER ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const EXECUTABLE = PLACES.find((path) => path !== '' && existsSync(path))
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']

/**
 * Declares tests that drive a real browser. Where none is installed they are skipped aloud, or
 * fail when HIGHWATER_REQUIRE_BROWSER is set.
 */
export function describeInBrowser(title: string, tests: (browser: () => Browser) => void): void {
  if (EXECUTABLE === undefined && process.env.HIGHWATER_REQUIRE_BROWSER !== '1') {
    console.warn(`skipped, no Chromium found: ${title}. Get one: sudo apt-get install -y chromium`)
    describe.skip(title, () => tests(() => missing()))
    return
  }
  describe(title, () => {
    let browser: Browser | undefined
    beforeAll(async () => {
      browser = await launchBrowser()
    })
    afterAll(() => browser?.close())
    tests(() => browser ?? missing())
  })
}

/** A headless Chromium of this machine. */
export function launchBrowser(): Promise<Browser> {
  return EXECUTABLE === undefined
    ? missing()
    : chromium.launch({ executablePath: EXECUTABLE, args: ARGS })
}

function missing(): never {
  throw new Error('no Chromium found. Get one: sudo apt-get install -y chromium')
}
