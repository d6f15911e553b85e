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
  /** zk.session.timeout of Helix; the lead of a dead controller is free only then. */
  readonly sessionTimeoutMs: number
  /** What is to be whitelisted, as it is known now. */
  topics(): readonly WhitelistedTopic[]
  /** Workers that the operator waits for before topics are whitelisted. */
  readonly workers: number
  /** How long a worker may be away before its partitions are given to others. */
  readonly autoRebalanceDelaySeconds: number
  /** Others stand by idle; 0: none does. */
  readonly maxWorkingInstances: number
  /** A worker with more than so many times the mean is overloaded. */
  readonly ratioThreshold: number
  /** Whether topics are expanded that have grown at the source. */
  readonly expandsTopics: boolean
  tell(kind: string, text: string): void
}

/**
 * uReplicator was made because a consumer group stops all of its members for any change of one. In
 * its place a controller says which worker is to have what, and each worker hears only of its own:
 *
 * 1. a worker's session ends, because it died or was paused, or because ZooKeeper was far;
 * 2. its live instance goes, and all controllers hear of it; the delay of 120 s begins;
 * 3. its partitions stand still meanwhile, and no other partition notices anything;
 * 4. if it is back in time it is told again what it had, else its partitions are spread.
 *
 * All controllers watch and wait alike, and only who leads when the wait is over decides.
 *
 * What it decides is in ZooKeeper alone, so the next leader goes on from there; the waits of its
 * predecessor are lost.
 */
export class UReplicatorController {
  readonly #options: ControllerOptions
  readonly #zookeeper: ZooKeeperSession
  readonly #random: Random
  /** Names and sessions of live instances when last looked at; null before the first look. */
  #knownLive: string | null = null
  #isReading = false
  /** Something has changed since the reading under way began. */
  #isStale = false
  #isLeader = false
  #isRebalancing = false
  /** Waits that have ended while a rebalance was under way: each looks once more. */
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

  /** Tries whenever the leader's node changes: the first one to write it leads. */
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
    // Watches say that something has changed, never what: the whole is read each time.
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
    // Whatever the view shows, what is missing in it is ordered: nothing is remembered from before.
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

  /** Nobody waits for it: the change comes back as a watch. */
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
