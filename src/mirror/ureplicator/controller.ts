// Models: uReplicator's controller: one of them leads, keeps for each partition a worker that it is
// meant for, tells workers through Helix, and waits some time before it believes that one is gone.
// Leaves out: its REST server (topics are whitelisted from the start, when all workers are there),
// blacklists, automatic whitelisting, offset monitor, the manager of a federated deployment.
// Source: com.uber.stream.kafka.mirrormaker.controller.core: HelixMirrorMakerManager,
// AutoRebalanceLiveInstanceChangeListener; org.apache.helix.HelixControllerMain.

import { invariant } from '../../sim/invariant.ts'
import type { Network } from '../../sim/network.ts'
import type { Process } from '../../sim/process.ts'
import type { Random } from '../../sim/random.ts'
import { SECOND } from '../../sim/time.ts'
import { addPartitions, expandTopic, type HelixAssignment, rebalance } from './assignment.ts'
import {
  CURRENT,
  type HelixPartition,
  HelixView,
  helixPartition,
  IDEAL,
  inSession,
  LEADER,
  LIVE,
  MESSAGES,
  partsOf,
  transitions,
} from './helix.ts'
import { SourceValidation, type WhitelistedTopic } from './source-validation.ts'
import { ZooKeeperSession } from './zookeeper-session.ts'

export interface ControllerOptions {
  readonly process: Process
  readonly network: Network
  readonly zookeeper: Process
  readonly sessionTimeoutMs: number
  /** What is to be whitelisted, as it is known now. */
  topics(): readonly WhitelistedTopic[]
  /** Workers that the operator waits for before topics are whitelisted. */
  readonly workers: number
  readonly autoRebalanceDelaySeconds: number
  readonly maxWorkingInstances: number
  readonly ratioThreshold: number
  /** Whether topics are expanded that have grown at the source. */
  readonly expandsTopics: boolean
  tell(kind: string, text: string): void
}

/**
 * What it decides is in ZooKeeper alone, so the next leader goes on from there; the waits of its
 * predecessor are lost.
 */
export class UReplicatorController {
  readonly #options: ControllerOptions
  readonly #zookeeper: ZooKeeperSession
  readonly #random: Random
  #knownLive: string | null = null
  #isReading = false
  #isStale = false
  #isLeader = false
  #isRebalancing = false
  #rebalancesDue = 0

  /** Build one at each boot of its process. */
  constructor(options: ControllerOptions) {
    const { process, network, zookeeper: server, sessionTimeoutMs } = options
    this.#options = options
    this.#random = process.random('controller')
    this.#zookeeper = new ZooKeeperSession({ process, network, server, sessionTimeoutMs })
    this.#zookeeper.watch(LEADER, () => this.#runForLeader())
    for (const prefix of [LIVE, IDEAL, CURRENT]) {
      this.#zookeeper.watch(prefix, () => this.#refresh())
    }
    if (!options.expandsTopics) return
    new SourceValidation(process, options.topics, (observed) => this.#expand(observed))
  }

  /** SIGTERM: its place as a leader is free at once. */
  disconnect(): void {
    this.#zookeeper.close()
    this.#options.process.exit()
  }

  #runForLeader(): void {
    const operation = { path: LEADER, data: this.#options.process.name }
    this.#zookeeper.ask({ kind: 'create-ephemeral', ...operation }, ({ isDone }) => {
      if (isDone && !this.#isLeader) this.#options.tell('leader', 'leads the controllers')
      this.#isLeader = isDone
      this.#refresh()
    })
  }

  // ---- Helix's pipeline -------------------------------------------------------------------------

  /** One reading at a time; what changes meanwhile is read after it. */
  #refresh(): void {
    if (this.#isReading) {
      this.#isStale = true
      return
    }
    this.#isReading = true
    this.#zookeeper.ask({ kind: 'read', prefix: '/' }, ({ nodes }) => {
      this.#isReading = false
      this.#onView(new HelixView(nodes))
      if (!this.#isStale) return
      this.#isStale = false
      this.#refresh()
    })
  }

  #onView(view: HelixView): void {
    const live = JSON.stringify([...view.live].sort())
    if (live !== this.#knownLive) {
      this.#knownLive = live
      this.#onLiveInstanceChange(view)
    }
    if (!this.#leads(view)) return
    for (const { instance, partition, to } of transitions(view)) {
      const session = view.live.get(instance)
      invariant(session !== undefined, 'only who lives is told', { instance })
      this.#set(`${MESSAGES}${instance}/${partition}`, inSession(session, to))
    }
  }

  #leads({ leader }: HelixView): boolean {
    return leader === this.#options.process.name
  }

  // ---- who has what -----------------------------------------------------------------------------

  /** Each change is looked into later: who is back by then has lost nothing. */
  #onLiveInstanceChange(view: HelixView): void {
    const { process, workers, autoRebalanceDelaySeconds } = this.#options
    process.timer(() => this.#rebalanceLater()).arm(autoRebalanceDelaySeconds * SECOND)
    if (this.#leads(view) && view.live.size >= workers) this.#whitelist(view)
  }

  /** One at a time: each sees what the one before it has written. */
  #rebalanceLater(): void {
    if (this.#isRebalancing) {
      this.#rebalancesDue++
      return
    }
    this.#isRebalancing = true
    this.#zookeeper.ask({ kind: 'read', prefix: '/' }, ({ nodes }) => {
      const view = new HelixView(nodes)
      if (this.#leads(view)) {
        this.#rebalance(view)
        this.#whitelist(view)
      }
      // ZooKeeper answers in order: when this is answered, all that was written is there.
      this.#zookeeper.ask({ kind: 'read', prefix: LEADER }, () => this.#rebalanced())
    })
  }

  #rebalanced(): void {
    this.#isRebalancing = false
    if (this.#rebalancesDue === 0) return
    this.#rebalancesDue--
    this.#rebalanceLater()
  }

  /** POST /topics, once for each topic. */
  #whitelist(view: HelixView): void {
    const loads = loadsOf(view)
    for (const { topic, numPartitions } of this.#options.topics()) {
      if (view.topics.has(topic)) continue
      this.#give(addPartitions(loads, partitionsFrom(topic, 0, numPartitions)), loads)
    }
  }

  /** What a topic has got since it was whitelisted. */
  #expand(observed: readonly WhitelistedTopic[]): void {
    this.#zookeeper.ask({ kind: 'read', prefix: '/' }, ({ nodes }) => {
      const view = new HelixView(nodes)
      if (!this.#leads(view)) return
      const loads = loadsOf(view)
      for (const { topic, numPartitions } of observed) {
        const known = view.partitionsOf(topic)
        if (known === 0 || numPartitions <= known) continue
        this.#options.tell('topic-expanded', `${topic}: from ${known} to ${numPartitions}`)
        this.#give(expandTopic(loads, partitionsFrom(topic, known, numPartitions)), loads)
      }
    })
  }

  #give(given: ReadonlyMap<HelixPartition, string>, loads: Map<string, number>): void {
    for (const [partition, instance] of given) {
      loads.set(instance, (loads.get(instance) ?? 0) + 1)
      this.#set(`${IDEAL}${partition}`, instance)
    }
  }

  #rebalance(view: HelixView): void {
    const { maxWorkingInstances, ratioThreshold } = this.#options
    const next = rebalance({
      live: [...view.live.keys()],
      assignment: view.assignment(),
      ...{ maxWorkingInstances, ratioThreshold },
      shuffle: (partitions) => this.#shuffled(partitions),
    })
    if (next !== null) this.#move(view, next)
  }

  #move(view: HelixView, next: HelixAssignment): void {
    for (const [instance, partitions] of next) {
      for (const partition of partitions) {
        const before = view.ideal.get(partition)
        if (before === instance) continue
        const { topic, number } = partsOf(partition)
        const from = before === undefined ? 'nobody' : before
        this.#options.tell('reassigned', `${topic}-${number}: from ${from} to ${instance}`)
        this.#set(`${IDEAL}${partition}`, instance)
      }
    }
  }

  /** Collections.shuffle. */
  #shuffled(partitions: readonly HelixPartition[]): HelixPartition[] {
    const left = [...partitions]
    const order: HelixPartition[] = []
    while (left.length > 0) order.push(...left.splice(this.#random.int(0, left.length - 1), 1))
    return order
  }

  #set(path: string, data: string): void {
    this.#zookeeper.ask({ kind: 'set', path, data }, () => {})
  }
}

function loadsOf({ live, ideal }: HelixView): Map<string, number> {
  const loads = new Map([...live.keys()].map((name) => [name, 0]))
  for (const instance of ideal.values()) {
    if (loads.has(instance)) loads.set(instance, (loads.get(instance) ?? 0) + 1)
  }
  return loads
}

function partitionsFrom(topic: string, from: number, to: number): HelixPartition[] {
  return Array.from({ length: to - from }, (_, n) => helixPartition(topic, from + n))
}
