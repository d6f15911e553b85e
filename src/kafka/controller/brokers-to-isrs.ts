// Models: the controller's index from brokers to partitions, so that a fence costs only its own.
// Leaves out: nothing; partitions come in the order in which they entered a set.
// Source: org.apache.kafka.controller.BrokersToIsrs, ReplicationControlManager.

import { invariant } from '../../sim/invariant.ts'
import { NO_NODE, type NodeId, type PartitionIndex } from '../ids.ts'
import type { PartitionRegistration } from './partition-registration.ts'

type Members = Map<NodeId, Set<PartitionIndex>>

const NOTHING: ReadonlySet<PartitionIndex> = new Set()

/**
 * Whoever is fenced leaves every ISR at once, and the controller does nothing else meanwhile: it
 * must find those partitions without looking through all that there are.
 */
export class BrokersToIsrs {
  readonly #inIsr: Members = new Map()
  readonly #led: Members = new Map()
  readonly #imbalanced = new Set<PartitionIndex>()

  /** Independent of this one; the order of entering goes along. */
  copy(): BrokersToIsrs {
    const copy = new BrokersToIsrs()
    for (const [from, to] of [
      [this.#inIsr, copy.#inIsr],
      [this.#led, copy.#led],
    ] as const) {
      for (const [id, partitions] of from) to.set(id, new Set(partitions))
    }
    for (const partition of this.#imbalanced) copy.#imbalanced.add(partition)
    return copy
  }

  /**
   * A partition is new (`before` undefined) or has changed. Call it for every replayed change:
   * nothing here is looked up again.
   * @throws InvariantViolation where the index knows nothing of `before`
   */
  update(
    index: PartitionIndex,
    before: PartitionRegistration | undefined,
    after: PartitionRegistration,
  ): void {
    if (before?.isr !== after.isr) move(this.#inIsr, index, before?.isr ?? [], after.isr)
    if (before?.leader !== after.leader) {
      move(this.#led, index, before === undefined ? [] : [before.leader], [after.leader])
    }
    // Kafka's list holds partitions whose leader, if any, is not the first replica.
    if (after.leader === after.replicas[0]) this.#imbalanced.delete(index)
    else this.#imbalanced.add(index)
  }

  /** The partition is no more. */
  remove(index: PartitionIndex, { isr, leader }: PartitionRegistration): void {
    move(this.#inIsr, index, isr, [])
    move(this.#led, index, [leader], [])
    this.#imbalanced.delete(index)
  }

  /** States that the index says of these partitions what they say, and nothing of others. */
  assertMatches(partitions: ReadonlyMap<PartitionIndex, PartitionRegistration>): void {
    let [members, led] = [0, 0]
    for (const [index, { isr, leader, replicas }] of partitions) {
      const isListed = isr.every((id) => this.partitionsWithBrokerInIsr(id).has(index))
      invariant(isListed, 'a partition is found by the members of its ISR', { index, isr })
      const isLed = this.#led.get(leader)?.has(index) === true
      invariant(isLed, 'a partition is found by its leader', { index, leader })
      const isKnown = this.#imbalanced.has(index) === (leader !== replicas[0])
      invariant(isKnown, 'a partition without its preferred leader is known', { index, leader })
      members += isr.length
      led++
    }
    invariant(members === sizeOf(this.#inIsr), 'who is in no ISR is found in none', { members })
    invariant(led === sizeOf(this.#led), 'a partition has one leader', { led })
  }

  /**
   * Live, as every set here: it changes when a replayed record moves the broker. Empty for a
   * stranger.
   */
  partitionsWithBrokerInIsr(id: NodeId): ReadonlySet<PartitionIndex> {
    return this.#inIsr.get(id) ?? NOTHING
  }

  /**
   * What a broker that is unfenced may be the leader of, and what unclean elections look through.
   */
  partitionsWithNoLeader(): ReadonlySet<PartitionIndex> {
    return this.#led.get(NO_NODE) ?? NOTHING
  }

  /** ReplicationControlManager.imbalancedPartitions: also those with no leader at all. */
  imbalancedPartitions(): ReadonlySet<PartitionIndex> {
    return this.#imbalanced
  }

  /** What a broker in its controlled shutdown waits to become false. */
  hasLeaderships(id: NodeId): boolean {
    return (this.#led.get(id)?.size ?? 0) > 0
  }
}

function sizeOf(members: Members): number {
  let size = 0
  for (const partitions of members.values()) size += partitions.size
  return size
}

function move(
  members: Members,
  index: PartitionIndex,
  before: readonly NodeId[],
  after: readonly NodeId[],
): void {
  // Who stays keeps its place: the order of entering decides in which order a fence changes them.
  for (const id of before) {
    if (after.includes(id)) continue
    const isGone = members.get(id)?.delete(index) === true
    invariant(isGone, 'the index holds every partition of a broker', { id, index })
  }
  for (const id of after) {
    if (before.includes(id)) continue
    const partitions = members.get(id)
    if (partitions === undefined) members.set(id, new Set([index]))
    else partitions.add(index)
  }
}
