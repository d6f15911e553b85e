// Two clusters and uReplicator between them, for tests of what it does.

import type { RunOptions } from '../../../src/lab/run.ts'
import { type CopiedCase, copiedText, runText } from './mirror-maker1.ts'

type Settings = Readonly<Record<string, string | number | boolean>>

export interface UReplicatorCase extends CopiedCase {
  readonly workers?: number
  readonly controllers?: number
  /** Region of the ZooKeeper that keeps offsets; Helix has its own beside the workers. */
  readonly commit?: 'us' | 'eu'
  readonly topicMapping?: Readonly<Record<string, string>>
  readonly controller?: Settings
  readonly worker?: Settings
  readonly producer?: Settings
  readonly consumer?: Settings
}

export const WORKER = 'ureplicator-A-B-1'
export const OTHER_WORKER = 'ureplicator-A-B-2'
export const CONTROLLER = 'ureplicator-A-B-controller-1'
export const OTHER_CONTROLLER = 'ureplicator-A-B-controller-2'
export const HELIX_ZOOKEEPER = 'ureplicator-A-B-zookeeper'
export const COMMIT_ZOOKEEPER = 'ureplicator-A-B-commit-zookeeper'

/** A is written to and copied to B, 50 ms away; sessions and delays are shorter than by default. */
export function ureplicatorText(of: UReplicatorCase): string {
  const session = { 'zk.session.timeout': 6_000 }
  const controller = { ...session, 'controller.auto.rebalance.delay.in.seconds': 10 }
  const zookeeper = of.commit === undefined ? '{helix: eu}' : `{helix: eu, commit: ${of.commit}}`
  return copiedText(
    of,
    `
  - system: ureplicator
    from: A
    to: B
    workers: {eu: ${of.workers ?? 1}}
    controllers: {eu: ${of.controllers ?? 1}}
    zookeeper: ${zookeeper}
    topics: [orders]
    topicMapping: ${JSON.stringify(of.topicMapping ?? {})}
    controller: ${JSON.stringify({ ...controller, ...of.controller })}
    worker: ${JSON.stringify({ ...session, ...of.worker })}
    producer: ${JSON.stringify(of.producer ?? {})}
    consumer: ${JSON.stringify({ 'auto.offset.reset': 'earliest', ...of.consumer })}`,
  )
}

/** Runs it; broken invariants throw. */
export function runUReplicator(of: UReplicatorCase, options: RunOptions = {}, seed = '1') {
  return runText(ureplicatorText(of), options, seed)
}
