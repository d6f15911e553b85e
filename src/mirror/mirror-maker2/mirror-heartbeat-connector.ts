// Models: the connector of heartbeats: their topic at the target, and one task.
// Leaves out: nothing.
// Source: org.apache.kafka.connect.mirror.MirrorHeartbeatConnector.

import type { Process } from '../../sim/process.ts'
import { millis } from '../../sim/time.ts'
import type { RunningConnector } from '../connect/connector.ts'
import { AdminJobs } from './admin-jobs.ts'
import type { Flow } from './flow.ts'
import type { MirrorAdmin } from './mirror-admin.ts'
import { HEARTBEATS_TOPIC } from './replication-policy.ts'

/** Its task starts whether the topic could be made or not: a failed call is not tried again. */
export class MirrorHeartbeatConnector implements RunningConnector {
  readonly #flow: Flow
  readonly #admin: MirrorAdmin
  readonly #jobs: AdminJobs

  /** Its client is closed when it stops. */
  constructor(flow: Flow, admin: MirrorAdmin, process: Process, onStarted: () => void) {
    this.#flow = flow
    this.#admin = admin
    this.#jobs = new AdminJobs(process, millis(flow.settings['admin.timeout.ms']))
    this.#jobs.executeInTurn([(done) => this.#createTopic(done)], onStarted)
  }

  #createTopic(done: () => void): void {
    const topic = {
      ...{ name: HEARTBEATS_TOPIC, partitions: 1 },
      replicationFactor: this.#flow.settings['heartbeats.topic.replication.factor'],
      configs: { 'cleanup.policy': 'compact' },
    }
    this.#admin.createTopics([topic], done)
  }

  /** One without a word to it; none where heartbeats are switched off. */
  taskConfigs(): readonly null[] {
    return this.#flow.settings['emit.heartbeats.enabled'] ? [null] : []
  }

  /** The job under way comes to its end first, if it does so in time. */
  stop(onStopped: () => void): void {
    this.#jobs.closeInTime(() => {
      this.#admin.close()
      onStopped()
    })
  }
}
