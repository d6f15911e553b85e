// What a kind of fault is: a name, a schema for its parameters, and what it does to the world. The
// rest of the folder is one file a kind.

import type { z } from 'zod'
import type { Host } from '../sim/host.ts'
import type { Process } from '../sim/process.ts'
import type { Random } from '../sim/random.ts'
import type { Micros } from '../sim/time.ts'
import type { World } from '../sim/world.ts'
import type { AclRule } from './acl-rules.ts'
import type { Holds } from './holds.ts'
import type { PacketRules } from './packet-rules.ts'
import type { Populace, Target } from './target.ts'

/** Undoes what a strike did; called at most once. */
export type Heal = () => void

/** A kind of fault. `P` is what its schema makes of the file. */
export interface FaultKind<K extends string, S extends z.ZodType> {
  readonly kind: K
  readonly doc: string
  readonly schema: S
  /**
   * Strikes. Returns how to heal it, or null where nothing is left to heal.
   * A target that resolves to nothing (no active controller now) strikes nobody and returns null.
   */
  inject(stage: Stage, params: z.output<S>): Heal | null
}

/** Checks a definition's types at the place where it is written. */
export function faultKind<K extends string, S extends z.ZodType>(
  definition: FaultKind<K, S>,
): FaultKind<K, S> {
  return definition
}

/** Who a target turned out to be, in a fixed order. */
export interface Affected {
  readonly processes: readonly Process[]
  readonly hosts: readonly Host[]
}

/** What a strike may use. */
export interface Stage {
  readonly world: World
  /** A stream of this strike's own. */
  readonly random: Random
  readonly operator: Operator
  /** Network faults go here and not into the kernel, so that those at the same time add up. */
  readonly rules: PacketRules
  /** What the faults of this run keep down now. */
  readonly downProcesses: Holds<Process>
  readonly downHosts: Holds<Host>
  affected(target: Target): Affected
  /** Time from starting a process to its first request, drawn anew for each start. */
  startDelay(process: Process): Micros
  /** Calls back after a delay; the only clock a fault has. */
  later(delay: Micros, callback: () => void): void
}

/**
 * Answers who holds a role now. The lab plugs it in; null and [] where nobody does. Topics and
 * groups may say their cluster: 'eu:orders'.
 */
export interface TargetResolver {
  /** Of the first cluster where `cluster` is null. */
  activeController(cluster: string | null): string | null
  /** Every node of a cluster. */
  membersOf(cluster: string): readonly string[]
  leaderOf(topic: string, partition: number): string | null
  coordinatorOf(group: string): string | null
  replicasOf(topic: string, partition: number): readonly string[]
  populace(what: Populace): readonly string[]
}

export type ElectionType = 'preferred' | 'unclean'

/** One topic, or every topic of a cluster; `cluster` null where there is but one. */
export type ElectionScope = { readonly topic: string } | { readonly cluster: string | null }

/** What an operator can ask of a cluster. The lab plugs it in; answers come as history events. */
export interface ClusterOperator {
  /** `partitions` null = all of the topic. */
  electLeaders(type: ElectionType, scope: ElectionScope, partitions: readonly number[] | null): void
  reassign(
    topic: string,
    partition: number,
    replicas: readonly number[],
    observers: readonly number[],
  ): void
  /**
   * A null value removes the setting. `name`: of the topic, the id of the node, the cluster or ''
   * where there is but one.
   */
  alterConfig(
    resource: 'topic' | 'broker' | 'cluster',
    name: string,
    settings: ReadonlyMap<string, string | null>,
  ): void
  unregisterBroker(id: number): void
  deleteTopic(topic: string): void
  createTopic(topic: string, partitions: number, replicationFactor: number): void
  /** `partitions`: how many it is to have in all. */
  addPartitions(topic: string, partitions: number): void
}

/** What kafka-mirrors orders of mirror topics, and kafka-cluster-mirrors of its own. */
export type MirrorCommand =
  | 'pause'
  | 'resume'
  | 'promote'
  | 'failover'
  | 'reverse-and-start'
  | 'reverse-and-pause'
  | 'truncate-and-restore'
  | 'start'
  | 'stop'

/** What kafka-acls orders. */
export type AclOrder = 'CreateAcls' | 'DeleteAcls'

/** What an operator can ask of all clusters and of the links between them. */
export interface Operator extends ClusterOperator {
  /** Of a cluster link; `topics` null = all that the command may concern. */
  commandMirrors(command: MirrorCommand, link: string, topics: readonly string[] | null): void
  pauseLink(link: string, paused: boolean): void
  /** `cluster` null = every one. */
  alterAcls(order: AclOrder, cluster: string | null, acls: readonly AclRule[]): void
}
