// Takes the README's picture: the page after a real run of the default scenario.

import { join } from 'node:path'
import { labPort } from '../../src/cli/lab-port.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer } from '../support/page-server.ts'
import { ROOT } from '../tidy/source-code.ts'

const server = await startServer(labPort)
const browser = await launchBrowser()
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
await page.goto(server.url)
await page.locator('#verdicts .card').first().waitFor({ timeout: 120_000 })
await page.screenshot({ path: join(ROOT, 'web/lab.png') })
await browser.close()
await server.stop()
