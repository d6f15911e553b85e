import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Trace } from './kip-966-format.ts'
import { Kip966Replay } from './kip-966-replay.ts'

test.each(['elr', 'noelr', 'reassign', 'unclean'])(
  'brokers do step by step what the checked traces of KIP-966 say: %s',
  (name) => {
    const file = new URL(`./vectors/kip-966-${name}.jsonl`, import.meta.url)
    const compared = new Map<string, number>()
    const differences: unknown[] = []
    for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
      const replay = new Kip966Replay(JSON.parse(line) as Trace).run()
      differences.push(...replay.differences)
      for (const [step, count] of replay.compared)
        compared.set(step, (compared.get(step) ?? 0) + count)
    }
    expect(differences.slice(0, 3)).toEqual([])
    expect([...compared.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1_000)
    // Not vacuous: the rare branches occur.
    for (const step of [
      'LeaderHandlesFetch DIVERGING',
      'FollowerHandlesFetchResponse TRUNCATED',
      'LeaderHandlesAlterPartitionResponse ROLLED_BACK',
      'BrokerAppliesMetadata ALREADY_KNOWN',
      'BrokerAppliesMetadata LEADER_NEW_EPOCH',
    ]) {
      expect(compared.get(step) ?? 0, step).toBeGreaterThan(0)
    }
  },
)
