// npm run calibrate -- [DIR] [--seeds N] [--json]
//
// Simulates the experiments that were made on real Kafka brokers and compares figure by figure.
// Exit code 0: every figure agrees; 1: one does not; 2: a file cannot be read or simulated. The
// other files are simulated all the same.

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { calibrateFile } from './calibrate.ts'
import { type FileReport, printFile } from './report.ts'

const OWN_COPIES = fileURLToPath(new URL('./experiments', import.meta.url))

interface Options {
  readonly paths: readonly string[]
  readonly seeds: number
  readonly json: boolean
}

function usage(message: string): never {
  process.stderr.write(
    `calibrate: ${message}\nusage: npm run calibrate -- [DIR|FILE ...] [--seeds N] [--json]\n`,
  )
  process.exit(2)
}

function filesOf(path: string): string[] {
  if (!existsSync(path)) usage(`there is no ${path}`)
  if (!statSync(path).isDirectory()) return [path]
  const names = readdirSync(path).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => join(path, name))
}

function options(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seeds: { type: 'string', default: '200' }, json: { type: 'boolean' } },
  })
  const seeds = Number(values.seeds)
  if (!Number.isInteger(seeds) || seeds < 1) usage(`--seeds ${values.seeds} is no positive number`)
  const given = positionals.length === 0 ? [OWN_COPIES] : positionals
  return { paths: given.flatMap(filesOf), seeds, json: values.json === true }
}

function main(): void {
  const { paths, seeds, json } = options()
  if (paths.length === 0) usage('no experiment files found')
  const files: FileReport[] = []
  for (const path of paths) {
    const report = calibrateFile(path, seeds)
    files.push(report)
    if (report.error !== undefined) process.stderr.write(`calibrate: ${report.error}\n`)
    if (!json) process.stdout.write(`${printFile(report)}\n`)
  }
  if (json) process.stdout.write(`${JSON.stringify({ files }, null, 1)}\n`)
  const isUnread = files.some((file) => file.error !== undefined)
  const isOff = files.some((file) => file.pass === false)
  process.exitCode = isUnread ? 2 : isOff ? 1 : 0
}

main()
