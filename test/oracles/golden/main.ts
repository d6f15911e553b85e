import { fileURLToPath } from 'node:url'
import { type FileResult, runFile, UnreadableVectors, vectorFiles } from './run-file.ts'

const DEFAULT_DIR = fileURLToPath(new URL('./vectors', import.meta.url))
const USAGE = 'usage: npm run golden -- [DIR] [--json]'

function report(result: FileResult): string {
  const { file, passed, total, first, notModelled } = result
  const left = notModelled > 0 ? `${notModelled} not modelled yet` : ''
  if (total === 0 && notModelled > 0) return `${file}: not modelled yet (${notModelled} cases)`
  const bad = result.unreadable.length > 0 ? `${result.unreadable.length} unreadable` : ''
  const line = [`${file}: ${passed}/${total}`, left, bad].filter((part) => part !== '').join(', ')
  if (first === null) return line
  return [
    line,
    `  first difference: ${first.case}`,
    `    at       ${first.path}`,
    `    expected ${JSON.stringify(first.expected)}`,
    `    actual   ${JSON.stringify(first.actual)}`,
  ].join('\n')
}

/** @returns the exit code: 0 all agree, 1 a difference, 2 something could not be read */
function main(args: readonly string[]): number {
  const json = args.includes('--json')
  const rest = args.filter((arg) => arg !== '--json')
  if (rest.length > 1 || rest.some((arg) => arg.startsWith('-'))) {
    console.error(USAGE)
    return 2
  }
  const dir = rest[0] ?? DEFAULT_DIR
  const complaints: string[] = []
  const results = readable(complaints, () => vectorFiles(dir)).flatMap((file) =>
    readable(complaints, () => [runFile(dir, file)]),
  )
  complaints.push(...results.flatMap((result) => result.unreadable))
  if (results.length === 0 && complaints.length === 0) {
    complaints.push(`${dir}: no vector files (*.json)`)
  }
  if (results.length > 0) {
    console.log(json ? JSON.stringify(results, null, 2) : results.map(report).join('\n'))
  }
  if (complaints.length > 0) console.error(complaints.join('\n'))
  if (complaints.length > 0) return 2
  return results.every((result) => result.first === null) ? 0 : 1
}

/** What cannot be read is complained of, and the rest is replayed all the same. */
function readable<T>(complaints: string[], read: () => T[]): T[] {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UnreadableVectors)) throw error
    complaints.push(error.message)
    return []
  }
}

process.exitCode = main(process.argv.slice(2))
