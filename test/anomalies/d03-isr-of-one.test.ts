// D03. min.insync.replicas 1 and acks=all: when the ISR has shrunk to the leader, an
// acknowledgement is worth one copy. Then that copy is lost for a while.

import { describe, expect, it } from 'vitest'
import { play, SEEDS } from './case.ts'

function story(topic: Readonly<Record<string, unknown>>, seed: string) {
  return play(
    {
      guards: { elr: false },
      duration: '140s',
      topic,
      producers: [
        { name: 'three-copies', start: '5s', stop: '8s', rate: '1/s' },
        {
          name: 'one-copy',
          start: '30s',
          stop: '37s',
          rate: '1/s',
          // The application gives up at the first error, so that its name is seen.
          config: { retries: 0, 'enable.idempotence': false },
        },
      ],
      faults: [
        { at: '10s', 'host-loss': { target: 'broker-2 and broker-3', model: 'stop' }, for: '45s' },
        { at: '50s', 'host-loss': { target: 'broker-1', model: 'stop' }, for: '60s' },
      ],
    },
    seed,
  )
}

const leadersOf = ({ partitions }: ReturnType<typeof play>) =>
  partitions[0]?.leaders.map(({ node }) => node)

describe.each(SEEDS)('D03: seven records on the last member of the ISR, seed %s', (seed) => {
  it('no unclean election: nothing is lost, nothing works until it is back', () => {
    const result = story({}, seed)
    expect(result.fates).toMatchObject({ acked: 10, lost: 0 })
    expect(leadersOf(result)).toEqual([1, -1, 1])
    const [, gone, back] = result.partitions[0]?.leaders ?? []
    const outageMs = (back?.fromMs ?? 0) - (gone?.fromMs ?? 0)
    // From its fencing (7 to 10.1 s) to its start after the minute (1.5 to 3.5 s, registration).
    expect(outageMs).toBeGreaterThan(50_000)
    expect(outageMs).toBeLessThan(58_000)
  })

  it('unclean election: another leads, and the seven are lost', () => {
    const result = story({ 'unclean.leader.election.enable': true }, seed)
    expect(result.fates).toMatchObject({ acked: 10, lost: 7 })
    expect(leadersOf(result)?.at(-1)).toBe(2)
  })

  it('min.insync.replicas 2: the seven are refused, for sure and without a trace', () => {
    const result = story({ 'min.insync.replicas': 2 }, seed)
    expect(result.fates).toMatchObject({ acked: 3, lost: 0, failed: 7, failedAbsent: 7 })
    const errors = result.timeline.filter(({ kind }) => kind === 'client-error')
    expect(errors[0]?.text).toContain('NOT_ENOUGH_REPLICAS')
  })
})
