// A mirror whose source topic is deleted. Nobody creates it again by writing to it.

import { describe, expect, it } from 'vitest'
import { endsOf, type LinkedClusters, runLinked, told } from './two-regions.ts'

const GONE = '{at: 5s, delete-topic: {topic: "A:orders"}}'
const AGAIN = '{at: 6s, create-topic: {topic: "A:orders", partitions: 2, replicationFactor: 3}}'
const FAILED = /^mirror B:orders: ACTIVE → FAILED \(.+\)$/

/** Why the mirror has failed, as the timeline tells it; undefined while it has not. */
function failureOf(result: ReturnType<typeof played>): string | undefined {
  return told(result, 'mirror').find((text) => FAILED.test(text))
}

function played(of: LinkedClusters) {
  const broker = 'auto.create.topics.enable: false'
  return runLinked({ duration: '16s', settle: '4s', stop: '14s', broker, ...of })
}

describe('a mirror whose source topic is deleted', () => {
  it('waits for it as long as anything is tried again, and then has failed', () => {
    expect(failureOf(played({ faults: [GONE] }))).toBeUndefined()
    const config = { 'cluster.link.retry.timeout.ms': 4_000 }
    const failed = played({ faults: [GONE], config })
    const event = failed.timeline.find(({ text }) => FAILED.test(text))
    expect(event?.text).toContain('(the source has no topic orders)')
    expect(failed.clusters[1]?.mirrors[0]).toMatchObject({
      ...{ state: 'FAILED', failure: 'the source has no topic orders' },
    })
    expect(event?.atMs).toBeGreaterThan(9_000)
    expect(event?.atMs).toBeLessThan(10_500)
    // What it has it keeps, and can be made a topic to write to.
    expect(endsOf(failed, 'B:orders-0')[0]).toBeGreaterThan(1_000)
  })

  it('fails at once where the new topic has less than it', () => {
    expect(failureOf(played({ faults: [GONE, AGAIN] }))).toMatch(/the source .*\)$/)
  })

  it('goes on in the new topic where that has more, with records of both', () => {
    const pause = '{at: 4800ms, link-pause: {link: dr}, for: 8s}'
    // Batches of one record: where the mirror ends inside a batch of the new topic, it fails.
    const mixed = played({ faults: [pause, GONE, AGAIN], producer: 'batch.size: 1' })
    expect(failureOf(mixed)).toBeUndefined()
    const ends = endsOf(mixed, 'B:orders-0')
    expect(ends[0]).toBe(endsOf(mixed, 'A:orders-0~2')[0])
    // The head of the new topic has an offset that the old one's records had.
    expect(mixed.links[0]?.onlyAtSource).toBeGreaterThan(1_000)
    expect(endsOf(mixed, 'A:orders-0')[0]).toBe(-1)
  })
})

describe('a mirror that is deleted', () => {
  it('is no mirror any more, and its source goes on', () => {
    const gone = played({ faults: ['{at: 5s, delete-topic: {topic: "B:orders"}}'] })
    expect(gone.clusters[1]?.mirrors).toEqual([])
    expect(gone.fates).toMatchObject({ acked: 7_000, lost: 0 })
  })
})
