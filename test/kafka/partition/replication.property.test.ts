import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PartitionRegistration } from '../../../src/kafka/controller/partition-registration.ts'
import type { RecordBatch } from '../../../src/kafka/messages.ts'
import { maybeShrinkIsr } from '../../../src/kafka/partition/isr-shrink.ts'
import type { IsrProposal } from '../../../src/kafka/partition/partition-ports.ts'
import { appendToLeader } from '../../../src/kafka/partition/produce-append.ts'
import { type GuardName, guardsFor } from '../../../src/kafka/version.ts'
import { produced } from '../log/batches.ts'
import { Bench, registration, type TestReplica } from './bench.ts'

const BROKERS = [1, 2, 3]

type Command = readonly [
  name:
    | 'append'
    | 'fetch'
    | 'metadata'
    | 'fence'
    | 'unfence'
    | 'decide'
    | 'expire'
    | 'decide-unheard',
  broker: number,
]

/**
 * Three replicas under a controller that fences, elects and accepts ISR changes as Kafka's does.
 * Messages take as long as the commands leave between them; no disk ever loses a record.
 */
class Cluster {
  readonly bench = new Bench()
  readonly replicas = new Map<number, TestReplica>()
  readonly fenced = new Set<number>()
  /** What any leader's high watermark has passed, by offset. */
  readonly committed: (RecordBatch | undefined)[] = []
  readonly inFlight: { proposal: IsrProposal; from: TestReplica }[] = []
  state: PartitionRegistration = registration()
  elections = 0

  constructor(guards: Partial<Record<GuardName, boolean>>, minInsyncReplicas: number) {
    this.bench.guards = guardsFor('4.1', guards)
    this.bench.fetchBytesMax = 1
    for (const id of BROKERS) {
      const replica = this.bench.replica(id, { minInsyncReplicas })
      this.replicas.set(id, replica)
      replica.partition.apply(this.state)
    }
  }

  replica(id: number): TestReplica {
    const found = this.replicas.get(id)
    if (found === undefined) throw new Error(`no replica ${id}`)
    return found
  }

  do([name, broker]: Command): void {
    this.bench.now += 1_000_000
    const replica = this.replica(broker)
    if (name === 'append') this.#append(replica)
    else if (name === 'fetch') this.#fetch(replica)
    else if (name === 'metadata') replica.partition.apply(this.state)
    else if (name === 'fence') this.#fence(broker)
    else if (name === 'unfence') this.#unfence(broker)
    else if (name === 'decide') this.#decide(true)
    else if (name === 'expire') this.#expire(replica)
    else this.#decide(false)
    for (const each of this.replicas.values()) this.#collect(each)
    this.#check()
  }

  /** A client knows the controller's leader, or still an old one. */
  #append(replica: TestReplica): void {
    const known = this.replicas.get(this.state.leader) ?? replica
    const leader = replica.partition.isLeader ? replica : known
    appendToLeader(leader.partition, produced(), 1)
  }

  #fetch(follower: TestReplica): void {
    const { leader, isLeader } = follower.partition
    if (!isLeader && leader > 0) follower.fetchFrom(this.replica(leader))
  }

  #fence(broker: number): void {
    this.fenced.add(broker)
    if (!this.state.isr.includes(broker)) return
    const rest = this.state.isr.filter((id) => id !== broker)
    const isr = rest.length === 0 ? this.state.isr : rest
    const leader = this.state.leader === broker ? this.#elect(rest) : this.state.leader
    this.#commit(isr, leader)
  }

  #unfence(broker: number): void {
    this.fenced.delete(broker)
    if (this.state.leader !== -1) return
    const leader = this.#elect(this.state.isr)
    if (leader !== -1) this.#commit(this.state.isr, leader)
  }

  #elect(isr: readonly number[]): number {
    return BROKERS.find((id) => isr.includes(id) && !this.fenced.has(id)) ?? -1
  }

  #commit(isr: readonly number[], leader: number): void {
    const isElection = leader !== this.state.leader
    if (isElection) this.elections++
    this.state = {
      ...this.state,
      isr,
      leader,
      leaderEpoch: this.state.leaderEpoch + (isElection ? 1 : 0),
      partitionEpoch: this.state.partitionEpoch + 1,
    }
  }

  #expire(replica: TestReplica): void {
    this.bench.now += 40_000_000
    maybeShrinkIsr(replica.partition)
  }

  #collect(replica: TestReplica): void {
    for (const proposal of replica.proposals.splice(0)) {
      this.inFlight.push({ proposal, from: replica })
    }
  }

  /** The controller takes the oldest proposal. Unheard, only metadata tells the leader of it. */
  #decide(isHeard: boolean): void {
    const call = this.inFlight.shift()
    if (call === undefined) return
    const { proposal, from } = call
    const ids = proposal.newIsr.map(({ id }) => id)
    const isCurrent =
      proposal.leaderEpoch === this.state.leaderEpoch &&
      proposal.partitionEpoch === this.state.partitionEpoch
    const isEligible = !ids.some((id) => this.fenced.has(id))
    if (isCurrent && isEligible) this.#commit(ids, this.state.leader)
    if (!isHeard) return
    const refusal = isCurrent ? 'INELIGIBLE_REPLICA' : 'INVALID_UPDATE_VERSION'
    from.partition.onIsrAnswer(proposal, {
      error: isCurrent && isEligible ? 'NONE' : refusal,
      leader: this.state.leader,
      leaderEpoch: this.state.leaderEpoch,
      partitionEpoch: this.state.partitionEpoch,
      isr: this.state.isr,
      recovery: 'RECOVERED',
    })
  }

  #check(): void {
    for (const { partition, log } of this.replicas.values()) {
      if (log.highWatermark > log.logEndOffset) throw new Error('watermark beyond the log')
      if (!partition.isLeader) continue
      for (let offset = this.committed.length; offset < log.highWatermark; offset++) {
        this.committed.push(log.batchAt(offset))
      }
    }
    const leader = this.replicas.get(this.state.leader)
    if (leader === undefined) return
    for (let offset = 0; offset < this.committed.length; offset++) {
      if (leader.log.batchAt(offset) !== this.committed[offset])
        throw new Error('committed is lost')
    }
  }
}

/** Mostly progress, so that something is committed; now and then what makes it hard. */
const command: fc.Arbitrary<Command> = fc.tuple(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant('append' as const) },
    { weight: 9, arbitrary: fc.constant('fetch' as const) },
    { weight: 4, arbitrary: fc.constant('metadata' as const) },
    { weight: 3, arbitrary: fc.constant('decide' as const) },
    { weight: 2, arbitrary: fc.constant('unfence' as const) },
    { weight: 2, arbitrary: fc.constant('fence' as const) },
    { weight: 2, arbitrary: fc.constantFrom('expire', 'decide-unheard') },
  ),
  fc.constantFrom(...BROKERS),
)
const commands = fc.array(command, { minLength: 100, maxLength: 200, size: 'max' })

function walk(
  steps: readonly Command[],
  guards: Partial<Record<GuardName, boolean>>,
  minInsyncReplicas: number,
): Cluster {
  const cluster = new Cluster(guards, minInsyncReplicas)
  for (const step of steps) cluster.do(step)
  return cluster
}

test.each([1, 2])(
  'min ISR %i: a record below any leader’s high watermark is in every later leader’s log',
  (min) => {
    let elections = 0
    let committed = 0
    fc.assert(
      fc.property(commands, (steps) => {
        const cluster = walk(steps, {}, min)
        elections += cluster.elections
        committed += cluster.committed.length
      }),
      { numRuns: 300, seed: 7 },
    )
    expect(elections).toBeGreaterThan(400)
    expect(committed).toBeGreaterThan(400)
  },
)

test.each([
  ['isrExpandNeedsEpochStart', 2],
  ['maximalIsrForHighWatermark', 1],
] as const)('without %s (min ISR %i) the same walks lose one', (guard, min) => {
  const lossy = fc.property(commands, (steps) => void walk(steps, { [guard]: false }, min))
  const found = fc.check(lossy, { numRuns: 5_000, seed: 7, endOnFailure: true })
  expect(found.failed).toBe(true)
})
