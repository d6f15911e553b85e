import { describe, expect, it } from 'vitest'
import { mm2GuardsFor } from '../../../src/mirror/mirror-maker2/guards.ts'
import { OffsetSyncStore, TOO_OLD } from '../../../src/mirror/mirror-maker2/offset-sync-store.ts'
import { CURRENT, MirroredPartition } from './mirrored-partition.ts'

function at(version: string): MirroredPartition {
  return new MirroredPartition(mm2GuardsFor(version))
}

describe('KAFKA-12468: translation overshoots where upstream has gaps', () => {
  const story = (version: string) => {
    const partition = at(version)
    partition.mirror(1)
    partition.mirror(50)
    // The group is at the end of a topic whose last 40 offsets hold no records.
    const committed = partition.upstreamEnd + 40
    return (partition.translate(committed) ?? 0) - partition.truth(committed)
  }

  it('up to 3.4.0 the group skips what comes next at the target', () => {
    for (const version of ['2.4', '2.8.2', '3.3', '3.4.0']) expect(story(version)).toBe(40)
  })

  it('since 3.4.1 it never gets past the truth', () => {
    for (const version of ['3.4.1', '3.6', '4.1']) expect(story(version)).toBeLessThanOrEqual(0)
  })
})

describe('KAFKA-14666: a group that lags behind the newest sync', () => {
  it('has no answer up to 3.4.0, and a translation since', () => {
    for (const [version, isKnown] of [
      ['3.4.0', false],
      ['3.4.1', true],
    ] as const) {
      const partition = at(version)
      for (let i = 0; i < 20; i++) partition.mirror(10, { gapUpstream: i % 2 })
      const translated = partition.translate(100)
      if (isKnown) expect(translated).toBeGreaterThan(0)
      else expect(translated).toBe(TOO_OLD)
    }
  })
})

describe('KAFKA-12635: nothing of a partition has been mirrored', () => {
  it('its group is translated to the same offset up to 3.2, which is past the end', () => {
    expect(at('3.2').translate(1500)).toBe(1500)
    expect(at('3.2').truth(1500)).toBe(0)
  })

  it('there is no answer since 3.3', () => {
    expect(at('3.3').translate(1500)).toBeNull()
  })
})

describe('KAFKA-15202: syncs at uneven distances', () => {
  /** What groups behind by a tenth, a hundredth, a thousandth repeat, in units of their lag. */
  const worstRedelivery = (version: string, seed: number) => {
    const store = new OffsetSyncStore(mm2GuardsFor(version), false)
    store.loaded()
    let [state, end, worst] = [seed, 0, 0]
    for (let i = 0; i < 2_000; i++) {
      store.handle({ partition: 0, upstream: end, downstream: end })
      for (const part of i < 200 ? [] : [0.9, 0.99, 0.999]) {
        const offset = Math.floor(end * part)
        const repeated = offset - Math.max(0, store.translate(0, offset) ?? 0)
        worst = Math.max(worst, repeated / (end - offset + 1))
      }
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      end += 1 + ((state >>> 16) % 10_000)
    }
    return worst
  }

  it('up to 3.5.1 kept syncs are lost too early, and some groups go back much further', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const [before, since] = [worstRedelivery('3.5.1', seed), worstRedelivery('3.5.2', seed)]
      expect(before).toBeGreaterThan(since * 1.5)
      expect(since).toBeLessThan(15)
    }
  })
})

describe('KAFKA-15906: a topic goes quiet before the next sync is due', () => {
  const story = (version: string) => {
    const partition = at(version)
    partition.mirror(90)
    partition.commit()
    return partition.translate(90)
  }

  it('up to 3.6 a group at its end translates to 1 for ever', () => {
    for (const version of ['3.5', '3.6', '3.6.2']) expect(story(version)).toBe(1)
  })

  it('since 3.7 the next commit brings it to the end', () => {
    for (const version of ['3.7', '4.1']) expect(story(version)).toBe(90)
  })
})

describe('KAFKA-15905: the checkpoint task restarts while a group lags', () => {
  const story = (version: string, checkpointsRead: boolean) => {
    const partition = at(version)
    partition.mirror(5000)
    expect(partition.translate(2000)).toBeGreaterThan(0)
    partition.restartCheckpointTask(checkpointsRead)
    return partition
  }

  it('up to 3.7.0 translation is blocked until the group passes the newest sync', () => {
    const partition = story('3.7.0', true)
    expect(partition.translate(2000)).toBe(TOO_OLD)
    partition.mirror(1000)
    expect(partition.translate(4900)).toBe(TOO_OLD)
    expect(partition.translate(5500)).toBeGreaterThan(4900)
  })

  it('since 3.7.1 it goes on where checkpoints could be read back, and only there', () => {
    expect(story('3.7.1', true).translate(2000)).toBeGreaterThan(0)
    expect(story('3.7.1', false).translate(2000)).toBe(TOO_OLD)
  })
})

describe('the example of a group near the end', () => {
  it('committed 99,989 of 100,000 and goes on at 99,890', () => {
    const partition = new MirroredPartition(CURRENT)
    partition.mirror(100_000)
    expect(partition.translate(99_989)).toBe(99_890)
  })
})
