import { describe, expect, it } from 'vitest'
import { execute } from '../../src/cli/job.ts'
import { findScenario } from '../../src/cli/library.ts'
import { progressLine } from '../../src/cli/progress.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'

const drawn = (total: number, updates: readonly number[], watched = true) => {
  const terminal = { ...memoryTerminal(), watched }
  const progress = progressLine(terminal, total)
  for (const done of updates) progress.update(done)
  progress.end()
  return terminal.errText()
}

describe('the progress line', () => {
  it('counts runs, and the simulated part of a single one, and clears itself', () => {
    expect(drawn(4, [1, 2])).toBe(
      '\r━━━━━━────────────────── 1 of 4 runs\r━━━━━━━━━━━━──────────── 2 of 4 runs\r\u001b[K',
    )
    expect(drawn(1, [0.5])).toBe('\r━━━━━━━━━━━━──────────── 50 % simulated\r\u001b[K')
  })

  it('draws nothing twice, and nothing where nobody watches', () => {
    expect(drawn(1, [0.501, 0.502, 0.503])).toBe(drawn(1, [0.5]))
    expect(drawn(1, [0.5], false)).toBe('')
  })

  it('is told the whole of a run, step by step, and changes nothing of it', () => {
    const job = { file: findScenario('q12'), seed: '1', until: 3_000_000 }
    const shares: number[] = []
    const watched = execute(job, (share) => shares.push(share))
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.length).toBeGreaterThan(10)
    expect(shares.at(-1)).toBe(1)
    expect(watched).toEqual(execute(job))
  })
})
