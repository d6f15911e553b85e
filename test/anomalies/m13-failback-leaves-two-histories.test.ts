// M13. A primary is cut off and goes on taking writes that nobody copies; clients go over to the
// other cluster. Under names that stay the same, with the mirror stopped and later turned round,
// the old primary keeps those records, gets everything else a second time, and the new one never
// sees them: two histories. Under names with a prefix, the mirror going on, they arrive late.

import { describe, expect, it } from 'vitest'
import { type MovingRun, runMoving } from '../lab/clients/two-clusters.ts'

const FACTORS = [
  ...['replication.factor: 1', 'offset-syncs.topic.replication.factor: 1'],
  ...['heartbeats.topic.replication.factor: 1', 'checkpoints.topic.replication.factor: 1'],
].join(', ')
const IDENTITY = 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy'
const REVERSAL = `
  - name: reversal
    detect: {at: 26s}
    steps:
      - stop-link: {link: A->B}
      - takes: 24s
        start-link: {link: B->A}
`

/** Cut at 20 s for 20 s; its own producer goes on to 25 s, the other one begins at 30 s. */
function story(names: 'identity' | 'prefix', seed: string): MovingRun {
  const policy = names === 'identity' ? `, replication.policy.class: ${IDENTITY}` : ''
  const flow = (from: string, to: string, region: string, standby: boolean) => `
  - system: mirror-maker2
    from: ${from}
    to: ${to}
    standby: ${standby}
    workers: {${region}: 1}
    worker: {config.storage.replication.factor: 1, offset.storage.replication.factor: 1}
    config: {${FACTORS}${policy}}`
  return runMoving(
    {
      client: 'cluster: A, standby: true',
      links: `links:${flow('A', 'B', 'eu', false)}${flow('B', 'A', 'us', names === 'identity')}`,
      producers: `
  - {name: old, region: us, cluster: A, topic: orders, rate: 100/s, stop: 25s}
  - {name: new, region: eu, cluster: B, topic: orders, rate: 100/s, start: 30s, stop: 60s}`,
      faults: '[{at: 20s, isolate: region us, for: 20s}]',
      duration: '90s',
      ...(names === 'identity' ? { runbooks: REVERSAL } : {}),
    },
    seed,
  )
}

describe.each(['1', '2'])('M13: failback after a cut, seed %s', (seed) => {
  it('leaves two histories under the same name: a tail on one side, a prefix twice', () => {
    const { result } = story('identity', seed)
    const there = result.links.find(({ link }) => link === 'A->B')
    // What was written in the five seconds of the cut, and what had not been fetched before it.
    expect(there?.onlyAtSource).toBeGreaterThanOrEqual(500)
    expect(there?.onlyAtSource).toBeLessThan(540)
    expect(result.fates.lost).toBe(0)
    // All that B had got from A comes back to A.
    expect(result.fates.duplicated).toBeGreaterThan(1_900)
    expect(result.fates.duplicated).toBeLessThanOrEqual(2_000)
  })

  it('ends in one, late, where copies bear the name of their source and the mirror goes on', () => {
    const { result } = story('prefix', seed)
    for (const { onlyAtSource } of result.links) expect(onlyAtSource).toBe(0)
    expect(result.fates).toMatchObject({ lost: 0, duplicated: 0 })
  })
})
