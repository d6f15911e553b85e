import { fileURLToPath } from 'node:url'
import { type FileResult, runFile, traceFiles, UnreadableTraces } from './trace-file.ts'

const DEFAULT_DIR = fileURLToPath(new URL('./vectors', import.meta.url))
const USAGE = 'usage: npm run traces -- [DIR] [--json]'

function table(results: readonly FileResult[]): string {
  const rows = results.map(({ file, traces, steps, passed, flagged, known, different }) => {
    const explained = [count(flagged), count(known)]
    return [file, ...[traces, steps, passed, ...explained, different].map(String)]
  })
  const head = ['file', 'traces', 'steps', 'passed', 'flagged', 'known', 'different']
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0)))
  return [head, ...rows].map((row) => line(row).join('  ')).join('\n')
}

/** The steps that agree by a rule, and the first that does not agree. */
function details({ file, flagged, known, first }: FileResult): string[] {
  const rules = [...Object.entries(flagged), ...Object.entries(known)]
  const lines = [file, ...rules.map(([rule, n]) => `${String(n).padStart(6)}  ${rule}`)]
  if (first === null) return lines
  return [
    ...lines,
    `  first difference: ${first.trace}, step ${first.step}: ${first.action}`,
    `    at       ${first.path}`,
    `    expected ${JSON.stringify(first.expected)}`,
    `    found    ${JSON.stringify(first.actual)}`,
  ]
}

function count(kinds: Readonly<Record<string, number>>): number {
  return Object.values(kinds).reduce((a, b) => a + b, 0)
}

interface Replays {
  readonly results: readonly FileResult[]
  /** What is wrong with each file that cannot be replayed. */
  readonly unreadable: readonly string[]
}

/** One file that is no trace does not keep the others from being replayed. */
function replays(dir: string): Replays {
  const results: FileResult[] = []
  const unreadable: string[] = []
  const attempt = (run: () => void) => {
    try {
      run()
    } catch (error) {
      if (!(error instanceof UnreadableTraces)) throw error
      unreadable.push(error.message)
    }
  }
  attempt(() => {
    for (const file of traceFiles(dir)) attempt(() => results.push(runFile(dir, file)))
  })
  return { results, unreadable }
}

/** @returns the exit code: 0 all agree, 1 a difference, 2 a file could not be replayed */
function main(args: readonly string[]): number {
  const rest = args.filter((arg) => arg !== '--json')
  if (rest.length > 1 || rest.some((arg) => arg.startsWith('-'))) {
    console.error(USAGE)
    return 2
  }
  const dir = rest[0] ?? DEFAULT_DIR
  const { results, unreadable } = replays(dir)
  if (args.includes('--json')) console.log(JSON.stringify(results, null, 2))
  else if (results.length > 0) {
    console.log([table(results), '', ...results.flatMap(details)].join('\n'))
  }
  for (const message of unreadable) console.error(message)
  if (unreadable.length > 0) return 2
  return results.every(({ different }) => different === 0) ? 0 : 1
}

process.exitCode = main(process.argv.slice(2))
