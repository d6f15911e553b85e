// Two clusters and a router of Flink's between them, for tests of what it does.

import type { RunOptions } from '../../../src/lab/run.ts'
import { type CopiedCase, copiedText, runText } from './mirror-maker1.ts'

type Settings = Readonly<Record<string, string | number | boolean>>

export interface FlinkCase extends CopiedCase {
  /** Task managers at the target. */
  readonly workers?: number
  readonly startingOffsets?: 'earliest' | 'committed' | 'latest'
  readonly deliveryGuarantee?: 'none' | 'at-least-once' | 'exactly-once'
  readonly sinkTopic?: string
  readonly config?: Settings
  readonly producer?: Settings
  readonly consumer?: Settings
}

export const TASK_MANAGER = 'flink-A-B-1'
export const JOB_MANAGER = 'flink-A-B-job-manager'
export const CHECKPOINTS = 'flink-A-B-checkpoints'

/** A is written to and copied to B, 50 ms away; checkpoints and heartbeats come often. */
export function flinkText(of: FlinkCase): string {
  const often = { 'heartbeat.interval': 1_000, 'heartbeat.timeout': 5_000 }
  const config = {
    ...often,
    'execution.checkpointing.interval': 5_000,
    'high-availability.type': 'KUBERNETES',
    ...of.config,
  }
  return copiedText(
    of,
    `
  - system: flink
    from: A
    to: B
    workers: {eu: ${of.workers ?? 1}}
    jobManager: eu
    checkpoints: eu
    topic: orders
    sinkTopic: ${of.sinkTopic ?? 'orders'}
    startingOffsets: ${of.startingOffsets ?? 'earliest'}
    deliveryGuarantee: ${of.deliveryGuarantee ?? 'at-least-once'}
    config: ${JSON.stringify(config)}
    producer: ${JSON.stringify(of.producer ?? {})}
    consumer: ${JSON.stringify({ 'group.id': 'router', ...of.consumer })}`,
  )
}

/** Runs it; broken invariants throw. */
export function runFlink(of: FlinkCase, options: RunOptions = {}, seed = '1') {
  return runText(flinkText(of), options, seed)
}
