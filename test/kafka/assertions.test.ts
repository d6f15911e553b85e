// What must hold is asserted where state changes; here each kind of assertion meets what it is for.

import { expect, it } from 'vitest'
import { Idempotence } from '../../src/kafka/clients/idempotence.ts'
import { PartitionQueue } from '../../src/kafka/clients/partition-queue.ts'
import { AssignedPartition } from '../../src/kafka/clients/subscription-state.ts'
import { BrokerHeartbeats } from '../../src/kafka/controller/broker-heartbeats.ts'
import { BrokersToIsrs } from '../../src/kafka/controller/brokers-to-isrs.ts'
import { DeferredReplies } from '../../src/kafka/controller/deferred-replies.ts'
import { placeReplicas } from '../../src/kafka/controller/replica-placer.ts'
import { newTopicRecords } from '../../src/kafka/controller/topic-creation.ts'
import { ClassicGroup } from '../../src/kafka/groups/classic-group.ts'
import { ConsumerGroup } from '../../src/kafka/groups/consumer-group.ts'
import { CoordinatorLog } from '../../src/kafka/groups/coordinator-log.ts'
import { isCoordinatorValue } from '../../src/kafka/groups/group-values.ts'
import { BatchList } from '../../src/kafka/log/batch-list.ts'
import { LogSegments } from '../../src/kafka/log/log-segments.ts'
import { TopicPartitions } from '../../src/kafka/metadata/topic-partitions.ts'
import { ConnectionState } from '../../src/kafka/network/connection-state.ts'
import { proposeIsr } from '../../src/kafka/partition/isr-proposal.ts'
import { committedIsr, pendingExpand, pendingShrink } from '../../src/kafka/partition/isr-state.ts'
import { LeaderState } from '../../src/kafka/raft/leader-state.ts'
import { QuorumLog } from '../../src/kafka/raft/quorum-log.ts'
import { ConfigSync } from '../../src/mirror/connect/config-sync.ts'
import { assignedPartitions } from '../../src/mirror/connect/deal-in-turn.ts'
import { SubmittedRecords } from '../../src/mirror/connect/submitted-records.ts'
import { AdminJobs } from '../../src/mirror/mirror-maker2/admin-jobs.ts'
import { Disk } from '../../src/sim/disk.ts'
import { InvariantViolation } from '../../src/sim/invariant.ts'
import type { Process } from '../../src/sim/process.ts'
import { Random } from '../../src/sim/random.ts'
import { World } from '../../src/sim/world.ts'
import { openBatch } from './clients/small-batches.ts'
import { ControllerRig } from './controller/controller-rig.ts'
import { logOf } from './log/batches.ts'
import { Bench, registration } from './partition/bench.ts'

const ISR = committedIsr([1, 2], 'RECOVERED')

/** A process that runs. */
function booted(): Process {
  const world = new World({ seed: 'assertions' })
  const host = world.addHost('h', world.addZone('z', world.addRegion('r')))
  const process = world.addProcess('broker', host)
  process.start()
  world.scheduler.run(0)
  return process
}

function coordinatorLog(): CoordinatorLog {
  const context = booted()
  const writer = { append: () => 'NONE' as const }
  return new CoordinatorLog(context, 0, writer, { appendLingerMs: 0, writeTimeoutMs: 5_000 })
}

function classicGroup(): ClassicGroup {
  const timer = { arm() {}, cancel() {}, armed: false, deadline: 0 }
  return new ClassicGroup(
    'g',
    () => timer,
    () => {},
  )
}

function connection(): ConnectionState {
  const spec = { initial: 1, max: 1, jitterPercent: 0 }
  return new ConnectionState(spec, spec, new Random(1, 2, 3, 4))
}

function follower() {
  const replica = new Bench().replica(2)
  replica.partition.apply(registration({ isr: [1, 2] }))
  return replica.partition
}

function leader() {
  const replica = new Bench().replica(1)
  replica.partition.apply(registration({ isr: [1, 2] }))
  return replica.partition
}

function placed(ids: readonly number[]): unknown {
  const brokers = ids.map((id) => ({ id, rack: null, fenced: false }))
  return placeReplicas(brokers, 1, 1, { nextInt: () => 0 })
}

const BROKEN: readonly (readonly [string, string, () => unknown])[] = [
  [
    'a controller',
    'answers wait in the order of the decisions',
    () => {
      const deferred = new DeferredReplies()
      deferred.addTask(5)
      deferred.addTask(4)
    },
  ],
  [
    'a controller',
    'each partition of a topic has its replicas',
    () => {
      const topic = { name: 't', configs: {}, partitions: [0, 1], assignments: [[1]] }
      newTopicRecords(new ControllerRig().control.state, topic)
    },
  ],
  ['a controller', 'a broker is asked for its place once', () => placed([1, 1])],
  [
    'a log',
    'what was cut off is not on the disk any more',
    () => {
      const log = logOf([0, 0, 0])
      log.flush()
      log.appendAsLeader({ ...batch(), count: -2 }, 0)
      log.load(0)
    },
  ],
  ['a log’s batches', 'a list is cut within its length', () => new BatchList().cutAt(1)],
  [
    'a log’s batches',
    'only batches that are there can be dropped',
    () => new BatchList().dropHead(1),
  ],
  ['a log’s segments', 'segments ascend', () => new LogSegments(5).roll(4)],
  ['an ISR', 'only who is out of the ISR can join it', () => pendingExpand(ISR, 2)],
  ['an ISR', 'only members leave an ISR', () => pendingShrink(ISR, [3])],
  ['an ISR', 'a leader stays in its own ISR', () => pendingShrink(ISR, [1, 2])],
  [
    'a proposal',
    'only a leader proposes an ISR',
    () => proposeIsr(follower(), pendingShrink(ISR, [2])),
  ],
  [
    'a proposal',
    'a proposal starts from what is committed',
    () => proposeIsr(leader(), pendingShrink(ISR, [2])),
  ],
  [
    'the controller’s index',
    'the index holds every partition of a broker',
    () => {
      const index = new BrokersToIsrs()
      index.update(0, registration({ isr: [1, 2] }), registration({ isr: [1] }))
    },
  ],
  [
    'a session',
    'a broker is never heard in the past',
    () => {
      const heartbeats = new BrokerHeartbeats(9_000)
      heartbeats.updateContactTime(1, 7, 10)
      heartbeats.updateContactTime(1, 7, 9)
    },
  ],
  ['a quorum', 'a log is cut at one of its offsets', () => new QuorumLog().truncateTo(-1)],
  [
    'a quorum',
    'a quorum has voters',
    () => new LeaderState(1, [1], 0, 1_000, 0).updateLocalState(1, []),
  ],
  ['a coordinator', 'what is committed has been written', () => coordinatorLog().opened(3, 4)],
  [
    'a coordinator',
    'writes are committed in their order',
    () => {
      const log = coordinatorLog()
      const value = { kind: 'consumer-group-epoch', group: 'g', epoch: 1 } as const
      log.opened(9, 0)
      log.write([value], () => {})
      log.opened(3, 0)
      log.write([value], () => {})
    },
  ],
  ['a group', 'a group goes from state to state', () => classicGroup().transitionTo('stable')],
  [
    'a group',
    'a group’s epoch never falls',
    () => {
      const group = new ConsumerGroup('g')
      group.replay({ kind: 'consumer-group-epoch', group: 'g', epoch: 2 })
      group.replay({ kind: 'consumer-group-epoch', group: 'g', epoch: 1 })
    },
  ],
  [
    'a group',
    'a target is for an epoch that the group has reached',
    () => new ConsumerGroup('g').replay({ kind: 'target-epoch', group: 'g', epoch: 1 }),
  ],
  ['a connection', 'a connection becomes ready once', () => connection().ready()],
  ['a connection', 'API versions are asked for once', () => connection().checking()],
  [
    'a connection',
    'a node has one connection at a time',
    () => {
      const state = connection()
      state.connecting(0)
      state.connecting(1)
    },
  ],
  ['a producer', 'batches leave in their order', () => new PartitionQueue(0, 0).sent(openBatch())],
  ['a producer', 'a producer id comes with an epoch', () => new Idempotence().initialised(-1, -1)],
  [
    'a consumer',
    'reading only ever moves a position on',
    () => {
      const assigned = new AssignedPartition(0, null)
      assigned.offset = 5
      assigned.advance(4, 0)
    },
  ],
  [
    'a source task',
    'no more is acknowledged than was submitted',
    () => {
      const records = new SubmittedRecords()
      records.ack(records.submit(0, 0, 2), 0, 3)
    },
  ],
  ['a source task', 'a source task is told its partitions', () => assignedPartitions(['orders'])],
  [
    'numbers of partitions',
    'those that are there have their numbers',
    () => new TopicPartitions().numbered('t', 1, [4, 5]),
  ],
  [
    'numbers of partitions',
    'a topic only grows',
    () => {
      const topics = new TopicPartitions()
      topics.add('t', 2)
      topics.grow('t', -1)
    },
  ],
  ['a disk', 'a slow disk takes time', () => booted().host.disk.slow({ factor: 0 })],
  [
    'a disk',
    'a disk takes what it is given in time',
    () => new Disk(() => 0, new Random(1, 2, 3, 4), { bytesPerSecond: 0 }),
  ],
  [
    'jobs',
    'what repeats lets time pass between',
    () => new AdminJobs(booted()).repeat((done) => done(), 0, 0),
  ],
  [
    'jobs',
    'who closes waits once for the job under way',
    () => {
      const jobs = new AdminJobs(booted())
      jobs.closeInTime(() => {})
      jobs.closeInTime(() => {})
    },
  ],
  [
    'a worker',
    'a worker reads on for one thing at a time',
    () => {
      const sync = new ConfigSync({
        ...{ process: booted(), configs: { refresh: () => {} }, syncTimeoutMs: 3_000 },
        ...{ scheduledRebalanceMaxDelayMs: 300_000, leave: () => {}, stopAll: () => {} },
      })
      sync.run(() => {})
      sync.run(() => {})
    },
  ],
]

function batch() {
  return {
    ...{ count: 1, bytes: 100, payloadBytes: 30, producerId: -1, producerEpoch: -1 },
    ...{ baseSequence: -1, firstRecordId: 0, createdFirst: 0, createdLast: 0 },
  }
}

it.each(BROKEN)('%s: %s', (_whose, sentence, breaks) => {
  expect(breaks).toThrow(InvariantViolation)
  expect(breaks).toThrow(sentence)
})

it('a value of the offsets topic is one of those that a coordinator writes', () => {
  expect(isCoordinatorValue({ kind: 'target-epoch', group: 'g', epoch: 1 })).toBe(true)
  expect(isCoordinatorValue({ kind: 'toString' })).toBe(false)
  expect(isCoordinatorValue({})).toBe(false)
})
