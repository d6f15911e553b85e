import { describe, expect, it } from 'vitest'
import type { Lane } from '../../../src/kafka/clients/record-source.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { OpenLoopSource } from '../../../src/workload/open-loop.ts'
import { records, startProducer } from './producer-rig.ts'
import { ScriptedCluster } from './scripted-cluster.ts'

describe('an application that sends without keys', () => {
  it('goes on with other partitions while the broker of one hangs', () => {
    const cluster = new ScriptedCluster([1, 2], 2, 20)
    const [, second] = cluster.partitions
    if (second !== undefined) second.leader = 2
    const lane: Lane = {
      source: new OpenLoopSource(
        1_000,
        [{ from: 0, until: 20 * SECOND, recordsPerSecond: 100 }],
        0,
      ),
      target: { kind: 'sticky', topic: 't', partitions: [0, 1] },
    }
    const { fates } = startProducer(cluster, [lane])
    cluster.rig.runMs(2_000)
    cluster.rig.processOf(1)?.pause()
    cluster.rig.runMs(18_000)
    const later = fates.filter((fate) => fate.createdFirstMs > 5_000)
    expect(records(later)).toBeGreaterThan(400)
    expect(later.every((fate) => fate.partition === 1)).toBe(true)
    expect(Math.max(...later.map((fate) => fate.atMs - fate.createdLastMs))).toBeLessThan(200)
  })
})
