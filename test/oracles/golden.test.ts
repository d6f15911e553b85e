import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { replays } from './golden/replays.ts'
import { runFile, vectorFiles } from './golden/run-file.ts'

const dir = fileURLToPath(new URL('./golden/vectors', import.meta.url))

test('every replay has its vector file', () => {
  expect(vectorFiles(dir)).toEqual(expect.arrayContaining(Object.keys(replays)))
})

for (const file of Object.keys(replays)) {
  test(`${file}: the model answers as Kafka's own classes did`, () => {
    const result = runFile(dir, file)
    expect(result.first).toBeNull()
    expect(result.total).toBeGreaterThan(0)
    expect(result.passed).toBe(result.total)
  })
}
