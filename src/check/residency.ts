// Claim: records that must stay in some regions were kept and read nowhere else.
//
// kept     appended by a leader elsewhere, or in the log of a replica elsewhere when the run ends
//          or until retention deleted it; in whichever cluster and topic, so copies count.
// read     delivered to a consumer elsewhere.
// Left out: what only passes: wires, and the memory of a replicator's workers; replicas that came
// and went in the middle of a run.

import type { Residency } from '../history/facts.ts'
import { type History, RECORDS_PER_STREAM } from '../history.ts'
import { RangeBag } from './intervals.ts'
import type { ResidencyBreach, ResidencyJudgement } from './judgement.ts'

/** Records of one rule in one forbidden place. */
interface Found {
  readonly rule: Residency
  readonly region: string
  readonly place: string
  readonly bag: RangeBag
  firstAt: number
}

/**
 * Ids by rule and place; a record that was kept in two wrong places is in two breaches. Without
 * rules nothing is read, and the answer is empty.
 */
export function residencyOf(history: History): ResidencyJudgement {
  if (history.residency.length === 0) return { rules: 0, records: 0, breaches: [] }
  const finder = new Finder(history)
  finder.readAppends()
  finder.readFinalLogs()
  finder.readDeliveries()
  return {
    rules: history.residency.length,
    records: finder.records,
    breaches: finder.breaches(),
  }
}

class Finder {
  readonly #history: History
  /** By stream. */
  readonly #rules: readonly (Residency | undefined)[]
  readonly #regionOf: ReadonlyMap<number, string>
  readonly #found = new Map<string, Found>()
  readonly #all = new RangeBag()

  constructor(history: History) {
    this.#history = history
    const { partitions, residency, brokers } = history
    this.#rules = history.streams.map(({ partition }) => {
      const home = partitions[partition]
      return residency.find(
        ({ cluster, topic }) => cluster === home?.cluster && topic === home.topic,
      )
    })
    this.#regionOf = new Map(brokers.map(({ id, region }) => [id, region]))
  }

  get records(): number {
    return this.#all.covered().size
  }

  /** In the order of their first records. */
  breaches(): ResidencyBreach[] {
    return [...this.#found.values()]
      .sort((a, b) => a.firstAt - b.firstAt)
      .map(({ rule, region, place, bag, firstAt }) => ({
        topic: this.#history.clusters.length > 1 ? `${rule.cluster}:${rule.topic}` : rule.topic,
        ...{ region, place, records: bag.covered().size, firstMs: firstAt / 1_000 },
      }))
  }

  readAppends(): void {
    const { appends } = this.#history
    for (let row = 0; row < appends.length; row++) {
      const { partition, broker, firstRecordId, count, at } = appends.row(row)
      this.#kept(firstRecordId, count, { partition, broker, at })
    }
  }

  /** What followers hold was appended by leaders before: the time is that of the run’s end. */
  readFinalLogs(): void {
    const { finalLogs, endAt } = this.#history
    for (const { partition, broker, ranges } of finalLogs) {
      const firsts = ranges.column('firstRecordId')
      const counts = ranges.column('count')
      for (let i = 0; i < ranges.length; i++) {
        this.#kept(firsts[i] ?? -1, counts[i] ?? 0, { partition, broker, at: endAt })
      }
    }
  }

  readDeliveries(): void {
    const { delivered, consumers } = this.#history
    for (let row = 0; row < delivered.length; row++) {
      const { consumer, firstRecordId, count, at } = delivered.row(row)
      const reader = consumers[consumer]
      if (reader === undefined) continue
      this.#note(firstRecordId, count, reader.region, `consumer ${reader.name}`, at)
    }
  }

  #kept(first: number, count: number, by: { partition: number; broker: number; at: number }): void {
    const region = this.#regionOf.get(by.broker)
    if (region === undefined) return
    const log = this.#history.partitionName(by.partition)
    this.#note(first, count, region, `${log} on broker ${by.broker}`, by.at)
  }

  #note(first: number, count: number, region: string, place: string, at: number): void {
    const rule = first < 0 ? undefined : this.#rules[Math.floor(first / RECORDS_PER_STREAM)]
    if (rule === undefined || rule.regions.includes(region)) return
    const key = `${rule.cluster} ${rule.topic} ${place}`
    const found = this.#found.get(key) ?? { rule, region, place, bag: new RangeBag(), firstAt: at }
    this.#found.set(key, found)
    found.firstAt = Math.min(found.firstAt, at)
    found.bag.add(first, count)
    this.#all.add(first, count)
  }
}
