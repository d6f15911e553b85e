// npm run bench [-- --json]: how fast the kernel and the model are, in one run.

import { measure } from './figures.ts'
import { tableOf } from './table.ts'

const USAGE = 'usage: npm run bench [-- --json]'

/** @returns the exit code: 0 measured, 2 wrong usage */
async function main(args: readonly string[]): Promise<number> {
  if (args.some((arg) => arg !== '--json')) {
    console.error(USAGE)
    return 2
  }
  const measured = await measure((text) => console.error(`measuring ${text}`))
  const isJson = args.includes('--json')
  console.log(isJson ? JSON.stringify(measured.figures, null, 2) : tableOf(measured))
  return 0
}

process.exitCode = await main(process.argv.slice(2))
