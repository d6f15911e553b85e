import { fileURLToPath } from 'node:url'
import { type FileResult, runFile, UnreadableVectors, vectorFiles } from './run-file.ts'

const DEFAULT_DIR = fileURLToPath(new URL('./vectors', import.meta.url))
const USAGE = 'usage: npm run golden -- [DIR] [--json]'

function report(result: FileResult): string {
  const { file, passed, total, first, notModelled } = result
  const left = notModelled > 0 ? `${notModelled} not modelled yet` : ''
  if (total === 0) return `${file}: not modelled yet (${notModelled} cases)`
  const line = `${file}: ${passed}/${total}${left && `, ${left}`}`
  if (first === null) return line
  return [
    line,
    `  first difference: ${first.case}`,
    `    at       ${first.path}`,
    `    expected ${JSON.stringify(first.expected)}`,
    `    actual   ${JSON.stringify(first.actual)}`,
  ].join('\n')
}

/** @returns the exit code: 0 all agree, 1 a difference, 2 nothing could be replayed */
function main(args: readonly string[]): number {
  const json = args.includes('--json')
  const rest = args.filter((arg) => arg !== '--json')
  if (rest.length > 1 || rest.some((arg) => arg.startsWith('-'))) {
    console.error(USAGE)
    return 2
  }
  const dir = rest[0] ?? DEFAULT_DIR
  try {
    const results = vectorFiles(dir).map((file) => runFile(dir, file))
    if (results.length === 0) throw new UnreadableVectors(`${dir}: no vector files (*.json)`)
    console.log(json ? JSON.stringify(results, null, 2) : results.map(report).join('\n'))
    return results.every((result) => result.first === null) ? 0 : 1
  } catch (error) {
    if (!(error instanceof UnreadableVectors)) throw error
    console.error(error.message)
    return 2
  }
}

process.exitCode = main(process.argv.slice(2))
