// Prints "N passed, N failed, N skipped" from Vitest's JSON report, as the last line of .ci/run.
// A file that failed before its first test counts as one failure; no test executed is a failure.
import { readFileSync } from 'node:fs'

const text = readFileSync(process.argv[2], 'utf8')
const files = text === '' ? [] : JSON.parse(text).testResults
const tests = files.flatMap((file) => file.assertionResults)
const count = (...states) => tests.filter((test) => states.includes(test.status)).length
const brokenFiles = files.filter(
  (file) => file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed'),
)
const passed = count('passed')
const failed = count('failed') + brokenFiles.length
const skipped = count('skipped', 'pending', 'todo', 'disabled')
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = passed + failed === 0 || failed > 0 ? 1 : 0
