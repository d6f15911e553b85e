import { describe, expect, it } from 'vitest'
import { OK } from '../../src/history.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { CLAIMS } from '../../src/testing/claims/all.ts'
import { everySendIsAnswered } from '../../src/testing/claims/answers.ts'
import type { Claim } from '../../src/testing/claims/claim.ts'
import { failedIsAbsent } from '../../src/testing/claims/definite.ts'
import { ackedSurvives } from '../../src/testing/claims/durability.ts'
import { figuresAreNumbers } from '../../src/testing/claims/figures.ts'
import { idempotentOnce } from '../../src/testing/claims/idempotence.ts'
import { ledgerAddsUp } from '../../src/testing/claims/ledger.ts'
import { readInOrder } from '../../src/testing/claims/reading.ts'
import { clusterRecovers } from '../../src/testing/claims/recovery.ts'
import { repeatable } from '../../src/testing/claims/repeatable.ts'
import { unknownIsUndecided } from '../../src/testing/claims/verdicts.ts'
import { changesOf } from '../../src/testing/exposure.ts'
import { matchers } from '../../src/testing/matchers.ts'
import { type ObservedRun, observe } from '../../src/testing/observed-run.ts'

const TEXT = `
duration: 20s
settle: 120s
regions: { home: {} }
cluster: { brokers: { home: 3 }, controllers: { home: 1 }, config: { min.insync.replicas: 2 } }
topics: [{ name: orders, partitions: 1, replicationFactor: 3 }]
producers: [{ name: shop, region: home, topic: orders, rate: 20/s }]
consumers:
  - { name: billing, region: home, topic: orders, config: { auto.offset.reset: earliest } }
faults: [{ at: 5s, crash: leader of orders-0, for: 5s }]
objectives: { rpo.records: 0 }
`

/** A fresh run each time: what a test changes of its history is its own. */
const run = () => observe(scenarioOf(TEXT, 'claims.yaml'))

function withResult(result: Partial<ObservedRun['result']>): ObservedRun {
  const honest = run()
  return { ...honest, result: { ...honest.result, ...result } }
}

const { fates, rpo, availability, consumerView, objectives } = run().result

describe('every claim', () => {
  it.each([...CLAIMS, repeatable])(
    '$name says something about a simple run, and holds',
    (claim) => {
      expect(claim.check(run())).toEqual([])
    },
  )

  it('has a name of its own and a sentence', () => {
    expect(new Set(CLAIMS.map(({ name }) => name)).size).toBe(CLAIMS.length)
    for (const { says } of CLAIMS) expect(says.length).toBeGreaterThan(30)
  })
})

function expectBroken(claim: Claim, doctored: ObservedRun, sentence: string): void {
  expect(claim.check(doctored)?.join('\n')).toContain(sentence)
  expect(matchers.toKeepClaims(doctored, [claim])).toMatchObject({ pass: false })
}

describe('a claim is contradicted by', () => {
  it('a record without a fate, or with two, and one that nobody sent', () => {
    const missing = withResult({ fates: { ...fates, pending: fates.pending + 1 } })
    expectBroken(ledgerAddsUp, missing, 'have a fate')
    const twice = run()
    twice.history.produced.push(twice.history.produced.row(0))
    expectBroken(ledgerAddsUp, twice, 'two fates')
    const strange = run()
    const [log] = strange.history.finalLogs.filter(({ isSurvivor }) => isSurvivor)
    log?.ranges.push({ baseOffset: 9_999, count: 1, firstRecordId: 77_777, leaderEpoch: 9 })
    expectBroken(ledgerAddsUp, strange, 'never sent')
  })

  it('an acknowledged record that is in no log, or stands elsewhere', () => {
    const lost = run()
    const row = { ...lost.history.produced.row(0), firstRecordId: 88_888, count: 1, outcome: OK }
    lost.history.produced.push({ ...row, baseOffset: -1 })
    expectBroken(ackedSurvives, lost, 'lost 1 acknowledged')
    const moved = run()
    moved.history.produced.set(3, 'baseOffset', 0)
    expectBroken(ackedSurvives, moved, 'acknowledged at 0, where another record stands')
  })

  it('a second copy of an idempotent producer’s record', () => {
    const copied = run()
    const [log] = copied.history.finalLogs.filter(({ isSurvivor }) => isSurvivor)
    log?.ranges.push({ baseOffset: 9_999, count: 1, firstRecordId: 0, leaderEpoch: 9 })
    expectBroken(idempotentOnce, copied, 'more than once')
  })

  it('a failed record that somebody read', () => {
    const read = withResult({ consumerView: { ...consumerView, abortedReads: 1 } })
    expectBroken(failedIsAbsent, read, 'were read')
  })

  it('a producer that waits for ever', () => {
    const late = run()
    late.history.produced.set(0, 'doneAt', 1_000_000_000)
    expectBroken(everySendIsAnswered, late, 'are allowed')
  })

  it('a batch that was never sent, though its producer sent others: it had its id', () => {
    const unsent = run()
    const { produced } = unsent.history
    produced.set(0, 'doneAt', 1_000_000_000)
    produced.set(0, 'attempts', 0)
    expectBroken(everySendIsAnswered, unsent, 'are allowed')
    for (let row = 0; row < produced.length; row++) produced.set(row, 'attempts', 0)
    expect(everySendIsAnswered.check(unsent)).toEqual([])
  })

  it('a reader that skips, and one that read what vanished', () => {
    const skips = run()
    skips.history.delivered.set(2, 'baseOffset', 5_000)
    expectBroken(readInOrder, skips, 'was handed offset 5000')
    const vanished = run()
    vanished.history.delivered.set(2, 'firstRecordId', 77_777)
    expectBroken(readInOrder, vanished, 'in no log')
  })

  it('the same in a partition that keeps its records, beside one that does not', () => {
    const two = observe(scenarioOf(TEXT.replace('partitions: 1', 'partitions: 2'), 'two.yaml'))
    const { history } = two
    const [cut, kept] = [0, 1].map((number) => history.partitions[number]?.index ?? -1)
    const last = changesOf(history, cut ?? -1).at(-1)
    if (last === undefined) throw new Error('nobody led')
    // An unclean leader: nothing is promised for this partition any more.
    history.partitionChanges.push({ ...last, leader: 9, isr: [9], elr: [] })
    const copy = (partition: number | undefined) => {
      const log = history.finalLogs.find((one) => one.isSurvivor && one.partition === partition)
      const { firstRecordId = -1 } = [...(log?.ranges ?? [])][0] ?? {}
      log?.ranges.push({ baseOffset: 9_999, count: 1, firstRecordId, leaderEpoch: 9 })
    }
    const skip = (partition: number | undefined) => {
      const row = [...history.delivered].findIndex((one) => one.partition === partition)
      history.delivered.set(row + 4, 'baseOffset', 5_000)
    }
    copy(cut)
    expect([idempotentOnce, readInOrder].map((claim) => claim.check(two))).toEqual([[], []])
    copy(kept)
    expectBroken(idempotentOnce, two, 'orders-1')
    skip(kept)
    expectBroken(readInOrder, two, 'was handed offset 5000')
  })

  it('a replica that stays behind, and a broker that stays fenced', () => {
    const behind = run()
    const [log] = behind.history.finalLogs
    if (log !== undefined) behind.history.finalLogs[0] = { ...log, logEnd: log.logEnd - 1 }
    expectBroken(clusterRecovers, behind, 'ends at')
    const honest = run()
    const clusters = honest.result.clusters.map((cluster) => ({
      ...cluster,
      topics: cluster.topics.map((topic) => ({
        ...topic,
        partitions: topic.partitions.map((partition) => ({ ...partition, isr: [1] })),
      })),
    }))
    expectBroken(clusterRecovers, withResult({ clusters }), 'is not in the ISR')
  })

  it('a verdict that is unknown without need, or wrong', () => {
    const [first] = objectives
    if (first === undefined) throw new Error('the scenario promises something')
    const open = withResult({ objectives: [{ ...first, verdict: 'unknown' }] })
    expectBroken(unknownIsUndecided, open, 'is unknown')
    const wrong = withResult({ objectives: [{ ...first, measured: 3, verdict: 'met' }] })
    expectBroken(unknownIsUndecided, wrong, '3 and yet met')
  })

  it('a figure that is no number', () => {
    const infinite = withResult({ rpo: { ...rpo, ageMs: Number.POSITIVE_INFINITY } })
    expectBroken(figuresAreNumbers, infinite, 'result.rpo.ageMs is Infinity')
    const negative = withResult({ availability: { ...availability, produceRatio: -0.5 } })
    expectBroken(figuresAreNumbers, negative, 'availability is -0.5')
  })

  it('a second run that differs', () => {
    expectBroken(repeatable, withResult({ digest: 'another' }), 'another, then')
    expectBroken(repeatable, withResult({ question: 'another' }), 'another result')
  })
})

describe('matchers', () => {
  it('tell what speaks against a run and how to see it again', () => {
    const { result } = run()
    expect(matchers.toMeetObjectives(result).pass).toBe(true)
    const [first] = result.objectives
    if (first === undefined) throw new Error('the scenario promises something')
    const missed = { ...result, objectives: [{ ...first, verdict: 'missed' as const }] }
    const { pass, message } = matchers.toMeetObjectives(missed)
    expect(pass).toBe(false)
    expect(message()).toContain('rpo.records missed')
    expect(message()).toContain('again: highwater run claims --seed highwater')
  })
})
