import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { replays } from './golden/replays.ts'
import { runFile, vectorFiles } from './golden/run-file.ts'

const dir = fileURLToPath(new URL('./golden/vectors', import.meta.url))

test('every vector file has its replay, and every replay its file', () => {
  expect(vectorFiles(dir)).toEqual(Object.keys(replays).sort())
})

for (const file of Object.keys(replays)) {
  test(`${file}: the model answers as Kafka's own classes did`, () => {
    const result = runFile(dir, file)
    expect(result.first).toBeNull()
    expect(result.total).toBeGreaterThan(0)
    expect(result.passed).toBe(result.total)
  })
}
