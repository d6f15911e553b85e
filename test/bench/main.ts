// npm run bench [-- --json]: how fast the kernel and the model are, in one run. What measures is a
// thread like those that run simulations everywhere else.

import { isMainThread, Worker } from 'node:worker_threads'
import { THREAD } from '../../src/cli/thread.ts'
import { measure } from './figures.ts'
import { tableOf } from './table.ts'

const USAGE = 'usage: npm run bench [-- --json]'

/** On the main thread. The exit code is 2 for wrong usage. */
function start(args: readonly string[]): void {
  if (args.some((arg) => arg !== '--json')) {
    console.error(USAGE)
    process.exitCode = 2
    return
  }
  const worker = new Worker(new URL(import.meta.url), { ...THREAD, argv: [...args] })
  worker.on('error', (error) => {
    throw error
  })
}

async function measureAndPrint(isJson: boolean): Promise<void> {
  const measured = await measure((text) => console.error(`measuring ${text}`))
  console.log(isJson ? JSON.stringify(measured.figures, null, 2) : tableOf(measured))
}

if (isMainThread) start(process.argv.slice(2))
else await measureAndPrint(process.argv.includes('--json'))
