import { describe, expect, it } from 'vitest'
import { ControllerState } from '../../../src/kafka/controller/controller-state.ts'
import { controlMirror } from '../../../src/kafka/controller/mirror-control.ts'
import type { MirrorState } from '../../../src/kafka/metadata/mirror-records.ts'
import type { MetadataRecord } from '../../../src/kafka/metadata/records.ts'
import type { MirrorControlRequest, MirrorOperation } from '../../../src/kafka/mirror-messages.ts'
import { guardsFor } from '../../../src/kafka/version.ts'

/** A controller with one topic of two partitions, led by brokers 1 and 2 in epoch 3. */
class Controlled {
  readonly state = new ControllerState({
    nodeId: 101,
    guards: guardsFor('4.1'),
    sessionTimeout: 9_000_000,
    minInsyncReplicas: 1,
    uncleanLeaderElectionEnable: false,
  })
  #offset = 0

  constructor(mirror: MirrorState | null) {
    const partition = (index: number, leader: number): MetadataRecord => ({
      type: 'Partition',
      partition: index,
      topic: 'orders',
      number: index,
      first: 0,
      replicas: [1, 2],
      observers: [],
      isr: [1, 2],
      leader,
      leaderEpoch: 3,
      partitionEpoch: 0,
      recovery: 'RECOVERED',
    })
    this.#replay([{ type: 'Topic', name: 'orders', configs: {} }, partition(0, 1), partition(1, 2)])
    if (mirror === null) return
    const topic = { topic: 'orders', link: 'dr', sourceTopic: 'orders' }
    this.#replay([{ type: 'MirrorTopic', ...topic, state: mirror, reversal: null }])
  }

  ask(request: MirrorControlRequest) {
    const { records, reply } = controlMirror(this.state, request)
    this.#replay(records)
    return reply
  }

  alter(operation: MirrorOperation) {
    const topic = { topic: 'orders', link: 'dr', sourceTopic: 'orders' }
    return this.ask({ api: 'AlterMirror', ...topic, operation })
  }

  done(state: MirrorState, partition: number, endOffset = 10) {
    const report = { topic: 'orders', state, partition, endOffset, progress: 'done' as const }
    return this.ask({ api: 'ReportMirror', ...report })
  }

  get mirror(): MirrorState | undefined {
    return this.state.mirrors.of('orders')?.state
  }

  partitionEpochOf(partition: number): number {
    return this.state.partition(partition).registration.partitionEpoch
  }

  epochOf(partition: number): number {
    return this.state.partition(partition).registration.leaderEpoch
  }

  #replay(records: readonly MetadataRecord[]): void {
    for (const record of records) this.state.replay(record, this.#offset++)
  }
}

describe('a command to a mirror topic', () => {
  const rows: [MirrorOperation, MirrorState | null, MirrorState | null][] = [
    ['pause', 'ACTIVE', 'PAUSED'],
    ['pause', 'STOPPED', null],
    ['resume', 'PAUSED', 'ACTIVE'],
    ['resume', 'ACTIVE', null],
    ['promote', 'ACTIVE', 'PENDING_SYNCHRONIZE'],
    ['promote', 'PAUSED', null],
    ['promote', 'SOURCE_UNAVAILABLE', null],
    ['failover', 'ACTIVE', 'PENDING_STOPPED'],
    ['failover', 'PAUSED', 'PENDING_STOPPED'],
    ['failover', 'SOURCE_UNAVAILABLE', 'PENDING_STOPPED'],
    ['failover', 'FAILED', 'PENDING_STOPPED'],
    ['failover', 'PENDING_SYNCHRONIZE', 'PENDING_STOPPED'],
    ['failover', 'STOPPED', null],
    ['reverse-and-start', 'ACTIVE', 'PENDING_SYNCHRONIZE'],
    ['truncate-and-restore', 'STOPPED', 'PENDING_SETUP_FOR_RESTORE'],
    ['truncate-and-restore', null, 'PENDING_SETUP_FOR_RESTORE'],
    ['truncate-and-restore', 'ACTIVE', null],
    ['demote', null, 'PENDING_MIRROR'],
    ['demote', 'ACTIVE', null],
    ['start', 'PENDING_MIRROR', 'ACTIVE'],
    ['start-paused', 'PENDING_MIRROR', 'PAUSED'],
    ['source-lost', 'ACTIVE', 'SOURCE_UNAVAILABLE'],
    ['source-lost', 'PAUSED', null],
    ['source-back', 'SOURCE_UNAVAILABLE', 'ACTIVE'],
    ['fail', 'SOURCE_UNAVAILABLE', 'FAILED'],
    ['start-mirroring', null, 'LOG_ALIGNMENT'],
    ['start-mirroring', 'STOPPED', 'LOG_ALIGNMENT'],
    ['start-mirroring', 'MIRRORING', null],
    ['stop-mirroring', 'LOG_ALIGNMENT', 'STOPPING'],
    ['stop-mirroring', 'PAUSED', 'STOPPING'],
    ['stop-mirroring', 'STOPPED', null],
    ['pause-mirroring', 'MIRRORING', 'PAUSED'],
    ['pause-mirroring', 'ACTIVE', null],
    ['resume-mirroring', 'PAUSED', 'MIRRORING'],
  ]

  it.each(rows)('%s in %s leads to %s', (operation, from, to) => {
    const controlled = new Controlled(from)
    const { error } = controlled.alter(operation)
    expect(error).toBe(to === null ? 'INVALID_REQUEST' : 'NONE')
    expect(controlled.mirror).toBe(to ?? from ?? undefined)
  })

  it('that fails keeps its reason, until it is in another state', () => {
    const controlled = new Controlled('ACTIVE')
    const of = { topic: 'orders', link: 'dr', sourceTopic: 'orders' }
    controlled.ask({ api: 'AlterMirror', ...of, operation: 'fail', reason: 'a gap' })
    expect(controlled.state.mirrors.of('orders')).toMatchObject({ reason: 'a gap' })
    controlled.alter('failover')
    expect(controlled.state.mirrors.of('orders')).not.toHaveProperty('reason')
  })

  it('is refused for a topic that does not exist', () => {
    const request = { topic: 'paid', link: 'dr', sourceTopic: 'paid', operation: 'pause' as const }
    const reply = new Controlled('ACTIVE').ask({ api: 'AlterMirror', ...request })
    expect(reply).toMatchObject({
      error: 'INVALID_REQUEST',
      message: "topic 'paid' does not exist",
    })
  })
})

describe('a pending state', () => {
  it('waits for all, and a stopped mirror begins a leader epoch of its own', () => {
    const controlled = new Controlled('PENDING_STOPPED')
    controlled.done('PENDING_STOPPED', 0)
    expect([controlled.mirror, controlled.epochOf(0)]).toEqual(['PENDING_STOPPED', 3])
    controlled.done('PENDING_STOPPED', 1)
    controlled.done('PENDING_STOPPED', -1)
    expect([controlled.mirror, controlled.epochOf(0), controlled.epochOf(1)]).toEqual([
      ...['STOPPED', 4, 4],
    ])
  })

  it('of a promotion also waits for the link, which copies group offsets once more', () => {
    const controlled = new Controlled('PENDING_SYNCHRONIZE')
    controlled.done('PENDING_SYNCHRONIZE', 0)
    controlled.done('PENDING_SYNCHRONIZE', 1)
    expect(controlled.mirror).toBe('PENDING_SYNCHRONIZE')
    controlled.done('PENDING_SYNCHRONIZE', -1)
    expect(controlled.mirror).toBe('PENDING_STOPPED')
  })

  it('of a restoration hands the remote ends on as goals, and new epochs', () => {
    const controlled = new Controlled('PENDING_SETUP_FOR_RESTORE')
    controlled.done('PENDING_SETUP_FOR_RESTORE', 0, 40)
    controlled.done('PENDING_SETUP_FOR_RESTORE', 1, 50)
    expect([controlled.mirror, controlled.epochOf(1)]).toEqual(['PENDING_RESTORE', 4])
    const goals = [0, 1].map((index) => controlled.state.mirrors.progressOf('orders', index).goal)
    expect(goals).toEqual([40, 50])
    controlled.done('PENDING_RESTORE', 1)
    controlled.done('PENDING_RESTORE', 0)
    expect([controlled.mirror, controlled.epochOf(1)]).toEqual(['ACTIVE', 4])
  })

  it('takes no report that was meant for another one', () => {
    const controlled = new Controlled('PENDING_STOPPED')
    expect(controlled.done('PENDING_SYNCHRONIZE', 0).error).toBe('INVALID_REQUEST')
    expect(controlled.state.mirrors.progressOf('orders', 0).done).toBeNull()
  })

  it('leaves a stopped mirror’s ends behind, for a restoration of the old source', () => {
    const controlled = new Controlled('PENDING_STOPPED')
    controlled.done('PENDING_STOPPED', 0, 7)
    controlled.done('PENDING_STOPPED', 1, 9)
    controlled.done('PENDING_STOPPED', -1)
    expect(controlled.state.mirrors.progressOf('orders', 1).done).toBe(9)
  })
})

describe('a leader epoch below the source’s', () => {
  it('is raised to it, and never lowered', () => {
    const controlled = new Controlled('ACTIVE')
    controlled.ask({ api: 'BumpLeaderEpoch', partition: 0, atLeast: 7 })
    controlled.ask({ api: 'BumpLeaderEpoch', partition: 0, atLeast: 5 })
    expect(controlled.partitionEpochOf(0)).toBe(1)
    expect([controlled.epochOf(0), controlled.epochOf(1)]).toEqual([7, 3])
  })
})

describe('a mirror of KIP-1279', () => {
  it('that is started is cut in a new epoch, and mirrors once all its partitions are', () => {
    const controlled = new Controlled(null)
    controlled.alter('start-mirroring')
    expect([controlled.mirror, controlled.epochOf(0)]).toEqual(['LOG_ALIGNMENT', 4])
    controlled.done('LOG_ALIGNMENT', 0)
    expect(controlled.mirror).toBe('LOG_ALIGNMENT')
    controlled.done('LOG_ALIGNMENT', 1)
    expect([controlled.mirror, controlled.epochOf(1)]).toEqual(['MIRRORING', 4])
  })

  it('goes on without a partition that has failed, which starts again when it is told to', () => {
    const controlled = new Controlled('MIRRORING')
    const report = { topic: 'orders', state: 'MIRRORING' as const, partition: 1, endOffset: 7 }
    const failed = { ...report, progress: 'failed' as const, reason: 'a gap' }
    controlled.ask({ api: 'ReportMirror', ...failed })
    const failures = () =>
      [0, 1].map((i) => controlled.state.mirrors.progressOf('orders', i).failure)
    expect([controlled.mirror, ...failures()]).toEqual(['MIRRORING', null, 'a gap'])
    controlled.alter('recover-mirroring')
    expect(failures()).toEqual([null, null])
  })

  it('keeps where each partition has stopped, for whoever mirrors back', () => {
    const controlled = new Controlled('STOPPING')
    controlled.done('STOPPING', 0, 40)
    controlled.done('STOPPING', 1, 50)
    expect(controlled.mirror).toBe('STOPPED')
    const ends = [0, 1].map((index) => controlled.state.mirrors.progressOf('orders', index).done)
    expect(ends).toEqual([40, 50])
  })
})

describe('a link', () => {
  it('is paused and goes on', () => {
    const controlled = new Controlled('ACTIVE')
    controlled.ask({ api: 'AlterClusterLink', link: 'dr', paused: true })
    expect(controlled.state.mirrors.isPaused('dr')).toBe(true)
    controlled.ask({ api: 'AlterClusterLink', link: 'dr', paused: false })
    expect(controlled.state.mirrors.isPaused('dr')).toBe(false)
  })
})
