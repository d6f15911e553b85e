import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Trace } from './raft-prevote-format.ts'
import { RaftReplay } from './raft-prevote-replay.ts'

const FILE = new URL('./vectors/raft-prevote.jsonl', import.meta.url)

it('a quorum does step by step what the checked traces of KRaft with pre-vote say', () => {
  const traces = readFileSync(FILE, 'utf8').trim().split('\n')
  let compared = 0
  let reloaded = 0
  const differences: unknown[] = []
  for (const line of traces) {
    const replayed = new RaftReplay(JSON.parse(line) as Trace).run()
    compared += replayed.compared
    reloaded += replayed.reloaded
    differences.push(...replayed.differences)
  }
  expect(differences).toEqual([])
  // Not vacuous, and the trace's state had to help out only where the README says why.
  expect(compared).toBeGreaterThan(50_000)
  expect(reloaded).toBeLessThan(30)
})
