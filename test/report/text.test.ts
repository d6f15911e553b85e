import { describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/contract.ts'
import { ANSI, PLAIN } from '../../src/report/palette.ts'
import { textReport } from '../../src/report/text.ts'
import { fixtureResult } from '../support/fixture-result.ts'

/** The fixture with somebody who reads. */
function result(change: Partial<RunResult> = {}): RunResult {
  const { topology } = fixtureResult()
  const reader = { name: 'billing', kind: 'consumer' as const, region: 'eu-west-1', text: '' }
  return fixtureResult({
    topology: { ...topology, clients: [...topology.clients, reader] },
    ...change,
  })
}

const GOLDEN = `\
q05-active-controller-region  Kafka 4.1, seed 81723

  If the active controller is in the lost region, how much longer is the outage?
  The new controller gives every broker a whole new session before it fences one.

  None of 214,881 acknowledged records is lost. Writes came back 14.704 s after the fault.

  objective    promised  measured  verdict  because
  rpo.records       ≤ 0         0  met      0 of 214,881 acknowledged records are gone
  rto.produce    ≤ 15 s  14.704 s  met      orders-0 took writes again at 28.904 s

Recovery
  planes out              control 3.600 s, data 12.312 s, clients 14.704 s
  recovery point          0 of 214,881 acknowledged records lost
  recovery time, produce  14.704 s = detect 12.312 s + elect 105 ms + client 2.287 s
  recovery time, consume  14.819 s = detect 12.312 s + elect 105 ms + client 2.402 s
  steady again            15.504 s after the fault
  redundancy restored     31.900 s after the fault
  writes available        75.5 %

Records
  sent                    214,990: 214,881 acknowledged, 0 failed, 0 unknown outcome, 109 pending
  acknowledged            214,881 safe, 0 lost
  in the logs             0 duplicated, 0 reordered, 0 present though not acknowledged
  consumers               214,881 delivered, 0 again, 0 skipped, 0 phantom
  egress                  97,000 GB between regions and 0 GB between zones a month: $1,940

Latency
                                    p50      p95      p99       max  records
  produce     before the fault    31 ms    52 ms    58 ms    116 ms   71,000
              during            2.790 s  4.698 s  5.220 s  10.440 s        1
              after               31 ms    52 ms    58 ms    116 ms        9
  end to end  before the fault    34 ms    59 ms    66 ms    132 ms   71,000
              during            3.060 s  5.346 s  5.940 s  11.880 s        1
              after               34 ms    59 ms    66 ms    132 ms        9

What happened
    14.200 s  fault            us-east-1 lost
    17.800 s  controller 4     active controller 1 → 4, epoch 2 → 3
    26.512 s  controller 4     broker 1 fenced: its session ended
    26.512 s  controller 4     orders-0: leader 1 → 4, epoch 4 → 5
    26.617 s  broker 7         truncated nothing; fetches from 4
    28.904 s  producer orders  first acknowledgement after the fault
    44.200 s  fault            us-east-1 is back

Not modelled in this run
  log.cleaner.threads: compaction is not modelled

Noted about the scenario
  clusters.us.controllers: 4 voters need 3 alive

Verdict: met
Digest 9f3c01d277ab4e10, 4,182,331 events. Again:
  highwater run q05-active-controller-region --seed 81723
`

describe('the text report', () => {
  it('tells a stranger what was asked, what came out and why', () => {
    expect(textReport(result(), PLAIN)).toBe(GOLDEN)
  })

  it('says the same in colour', () => {
    const coloured = textReport(result(), ANSI)
    expect(coloured).toContain('\u001b[32m met')
    const bare = coloured
      .split('\u001b[')
      .map((part, i) => (i === 0 ? part : part.replace(/^\d+m/, '')))
    expect(bare.join('')).toBe(GOLDEN)
  })

  it('keeps the page short and says how much it left out', () => {
    const [first] = result().timeline
    const event = (id: number) => ({ ...first, id, atMs: 15_000 + id, actor: 'broker 1', cause: 0 })
    const timeline = Array.from({ length: 50 }, (_, id) => event(id))
    const text = textReport(result({ timeline } as never), PLAIN)
    expect(text.match(/ s {2}broker 1/g)).toHaveLength(16)
    expect(text).toContain('  34 more events are in the JSON result.\n')
  })

  it('leaves room for when clients went on, rather than for each of their errors', () => {
    const [first] = result().timeline
    const lines = (count: number, actor: string, kind: string, at: number) =>
      Array.from({ length: count }, (_, n) => ({
        ...first,
        ...{ id: at + n, atMs: 15_000 + at + n, actor, kind, cause: 0 },
      }))
    const timeline = [
      ...lines(20, 'producer a', 'client-error', 100),
      ...lines(30, 'controller 4', 'leader', 200),
      ...lines(4, 'producer a', 'produce-resumed', 300),
    ]
    const text = textReport(result({ timeline } as never), PLAIN)
    expect(text.match(/ s {2}controller 4/g)).toHaveLength(10)
    expect(text.match(/15\.30\d s {2}producer a/g)).toHaveLength(4)
    expect(text.match(/15\.1\d\d s {2}producer a/g)).toHaveLength(2)
  })

  it('tells what holds up a link before all else, once for each process', () => {
    const [first] = result().timeline
    const event = (id: number, actor: string, kind: string, text: string) => {
      return { ...first, ...{ id, atMs: id, actor, kind, text, cause: null } }
    }
    const timeline = [
      ...Array.from({ length: 30 }, (_, id) => event(id, 'controller 4', 'leader', 'elects')),
      ...[40, 41].map((id) => event(id, 'worker mm1', 'send-stalled', `stands still ${id}`)),
    ]
    const clockOf = { ...fixtureResult().clock, faultAtMs: null }
    const text = textReport(result({ timeline, clock: clockOf, faults: [] } as never), PLAIN)
    expect(text).toContain('worker mm1    stands still 40')
    expect(text).not.toContain('stands still 41')
  })

  it('tells what an operator was answered, however much else there was', () => {
    const [first] = result().timeline
    const event = (id: number, actor: string, kind: string, text: string) => {
      return { ...first, ...{ id, atMs: 15_000 + id, actor, kind, text, cause: null } }
    }
    const timeline = [
      ...Array.from({ length: 30 }, (_, id) => event(id, 'controller 4', 'leader', 'elects')),
      event(40, 'operator', 'operator', 'us: promote orders: refused, it lags'),
    ]
    const text = textReport(result({ timeline } as never), PLAIN)
    expect(text).toContain('operator      us: promote orders: refused, it lags')
  })

  it('names the first place in which records are that must not be there', () => {
    const breach = { topic: 'orders', region: 'us', place: 'consumer c', records: 7, firstMs: 1 }
    const residency = { rules: 1, records: 7, breaches: [breach, breach] }
    expect(textReport(fixtureResult({ residency }), PLAIN)).toContain(
      '  where they may be       7 records elsewhere: orders in us (consumer c), 1 more places\n',
    )
    const kept = fixtureResult({ residency: { rules: 1, records: 0, breaches: [] } })
    expect(textReport(kept, PLAIN)).toContain('kept and read where they may be')
  })

  it('says nothing of consumers where there are none, and wraps long sentences', () => {
    const answer = Array.from({ length: 40 }, () => 'word').join(' ')
    const text = textReport(fixtureResult({ answer }), PLAIN)
    expect(text).not.toMatch(/consume|end to end/)
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  })

  it('says plainly that nothing stopped, that it never came back and that nobody decided', () => {
    const { rto } = result()
    const of = (change: object) =>
      textReport(result({ rto: { ...rto, produce: { ...rto.produce, ...change } } }), PLAIN)
    const still = of({ ms: 0, worst: null })
    expect(still).toContain('Writes never stopped.')
    expect(still).toContain('recovery time, produce  nothing stopped\n')
    const gone = of({ ms: null })
    expect(gone).toContain('Writes had not come back when the load ended.')
    expect(gone).toContain('produce  not back on orders-0 when the load ended\n')
    expect(of({ detectMs: null })).toContain('produce  14.704 s, without any decision\n')
  })

  it('puts a loss first, with its size and its time', () => {
    const { rpo } = result()
    const loss = { records: 1_204, bytes: 602_000, windowMs: 241, ageMs: 260 }
    const text = textReport(result({ rpo: { ...rpo, ...loss } }), PLAIN)
    expect(text).toContain('1,204 of 214,881 acknowledged records are lost.')
    expect(text).toContain('records lost, 602.0 kB, window 241 ms, age 260 ms\n')
  })
})

describe('readers behind each region', () => {
  const lag = { records: 12, ageMs: 250, recordsMax: 1_400, ageMsMax: 61_000 }
  const none = { records: 0, ageMs: 0, recordsMax: 3, ageMsMax: 40 }
  const own = { group: 'billing', region: 'eu-west-1', ...none }
  const remote = { group: 'billing', region: 'us-east-1', ...lag }

  it('stand in a table where several regions write what is read', () => {
    const text = textReport(result({ regionLags: [own, remote] }), PLAIN)
    expect(text).toContain(`
Readers behind each region
           written in  lag   most     age      most
  billing  eu-west-1     0      3    0 ms     40 ms
           us-east-1    12  1,400  250 ms  61.000 s
`)
  })

  it('are left out where one region writes everything', () => {
    expect(textReport(result({ regionLags: [own] }), PLAIN)).not.toContain('behind each region')
  })
})
