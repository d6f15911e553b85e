import { describe, expect, it } from 'vitest'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { ackedSurvives } from '../../../src/testing/claims/durability.ts'
import { linksCatchUp } from '../../../src/testing/claims/links/catch-up.ts'
import { noLoop } from '../../../src/testing/claims/links/loops.ts'
import { comparedCopies, copiesInOrder } from '../../../src/testing/claims/links/order.ts'
import { keptPartitions, soundPartitions } from '../../../src/testing/exposure.ts'
import {
  cutByOrder,
  failedMirrors,
  mirrorPasts,
} from '../../../src/testing/linked/mirror-states.ts'
import { type ObservedRun, observe } from '../../../src/testing/observed-run.ts'
import { mirrorText } from '../../lab/links/cluster-mirror.ts'
import { CUT, linkedText } from '../../lab/links/two-regions.ts'

const there = [`{at: 3s, ${CUT}, for: 3s}`, '{at: 5s, mirror-stop: {link: dr}}']
const home = '{at: 8s, mirror-start: {link: back, topics: [orders]}}'
const shape = { back: true, stop: '4s', takeOver: '6s', duration: '12s' }

function mirrored(faults: readonly string[]): ObservedRun {
  return observe(scenarioOf(mirrorText({ ...shape, faults }), 'mirror.yaml'))
}

/** The log that counts of a partition. */
function logOf({ history }: ObservedRun, name: string) {
  const log = history.finalLogs.find(
    ({ partition, isSurvivor }) => isSurvivor && history.partitionName(partition) === name,
  )
  if (log === undefined) throw new Error(`${name} has no log`)
  return log
}

describe('a topic that goes home as the mirror of its mirror', () => {
  const gone = mirrored([...there, home])

  it('was cut by order, and is one with the link that took it home', () => {
    expect(mirrorPasts(gone).get('A:orders')).toEqual({
      ...{ state: 'MIRRORING', alignedWith: 'back', wasCut: true },
    })
    expect(mirrorPasts(gone).get('B:orders')).toEqual({
      ...{ state: 'STOPPED', alignedWith: 'dr', wasCut: false },
    })
    expect(cutByOrder(gone).size).toBe(2)
  })

  it('is not promised what was cut, and everything else still is', () => {
    const isOfA = gone.history.partitions.map(({ cluster }) => cluster === 'A')
    const isOrders = gone.history.partitions.map(({ topic }) => topic === 'orders')
    for (const [index, isKept] of keptPartitions(gone).entries()) {
      if (isOrders[index] === true) expect(isKept).toBe(isOfA[index] !== true)
    }
    expect(soundPartitions(gone)).not.toContain(false)
    for (const claim of [ackedSurvives, copiesInOrder, noLoop]) {
      expect(claim.check(gone), claim.name).toEqual([])
    }
  })

  it('is compared with what took it home, up to its last offset', () => {
    const judged = comparedCopies(gone).map(({ copied }) => copied.link.name)
    expect(new Set(judged)).toEqual(new Set(['back']))
    const { ranges } = logOf(gone, 'A:orders-0')
    const last = ranges.row(ranges.length - 1)
    ranges.set(ranges.length - 1, 'firstRecordId', last.firstRecordId + 1)
    expect(copiesInOrder.check(gone)?.join()).toContain('A:orders-0')
    ranges.set(ranges.length - 1, 'firstRecordId', last.firstRecordId)
  })
})

describe('a topic that stays the primary', () => {
  it('is promised what it was, and is nobody’s mirror', () => {
    const stopped = mirrored(there)
    expect(mirrorPasts(stopped).has('A:orders')).toBe(false)
    expect(cutByOrder(stopped).size).toBe(0)
    expect(comparedCopies(stopped).map(({ copied }) => copied.link.name)).toEqual(['dr', 'dr'])
  })
})

describe('a link of Confluent’s that is turned round', () => {
  const config = { 'link.mode': 'BIDIRECTIONAL' }

  it('is compared in the direction that it has then, without anything cut', () => {
    const faults = ['{at: 4s, mirror-reverse: {link: dr}}']
    const of = { stop: '5s', takeOver: '6s', duration: '9s', settle: '5s', config, faults }
    const turned = observe(scenarioOf(linkedText(of), 'linked.yaml'))
    expect(mirrorPasts(turned).get('A:orders')).toMatchObject({ alignedWith: 'dr', wasCut: false })
    const ways = comparedCopies(turned).map(({ copied }) => copied.link.from)
    expect(new Set(ways)).toEqual(new Set(['A', 'B']))
    expect(copiesInOrder.check(turned)).toEqual([])
  })
})

describe('a mirror that was paused', () => {
  it('owes nothing, and one that says that it has failed is not compared', () => {
    const paused = mirrored(['{at: 2s, mirror-pause: {link: dr}}'])
    expect(linksCatchUp.check(paused)).toBeNull()
    const { history } = paused
    expect(failedMirrors(history).size).toBe(0)
    const text = 'mirror B:orders-1: FAILED (the source ends at 0, before the mirror)'
    history.event({ at: history.endAt, actor: 'link', kind: 'mirror', text })
    expect([...failedMirrors(history)].map((index) => history.partitionName(index))).toEqual([
      'B:orders-1',
    ])
    expect(comparedCopies(paused)).toHaveLength(1)
  })
})
