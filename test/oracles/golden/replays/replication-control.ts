import { ReplicationControl } from '../../../../src/kafka/controller/replication-control.ts'
import type { BrokerHeartbeatResponse, CreateTopicRequest } from '../../../../src/kafka/messages.ts'
import type { MetadataRecord } from '../../../../src/kafka/metadata/records.ts'
import { guardsFor } from '../../../../src/kafka/version.ts'
import {
  compare,
  compareAnswer,
  type Difference,
  type JsonObject,
  type Outcome,
} from '../compare.ts'
import {
  flag,
  list,
  MalformedVector,
  num,
  numbersOf,
  nums,
  numsOr,
  object,
  objects,
  str,
  strOr,
} from '../fields.ts'

/** Not a broker. */
const CONTROLLER = 3000
const SESSION_TIMEOUT_MS = 9000
const METADATA_VERSION = '4.1'

type Registration = ReturnType<ReplicationControl['state']['partition']>['registration']

/** What a broker's own process knows, as far as the story needs it. */
interface Process {
  incarnation: number
  epoch: number
  /** Kept for later heartbeats until the broker registers again. */
  wantShutdown: boolean
  isLive: boolean
}

/** One controller with a log of its own; records are replayed at once. */
class Story {
  readonly #elrEnabled: boolean
  readonly #controller: ReplicationControl
  readonly #processes = new Map<number, Process>()
  readonly #partitions = new Map<string, number>()
  #now = 0
  #nextOffset = 1
  #incarnations = 0

  constructor(elrEnabled: boolean) {
    this.#elrEnabled = elrEnabled
    this.#controller = new ReplicationControl({
      nodeId: CONTROLLER,
      guards: guardsFor(METADATA_VERSION, { elr: elrEnabled }),
      sessionTimeout: SESSION_TIMEOUT_MS,
      minInsyncReplicas: 1,
      uncleanLeaderElectionEnable: false,
    })
    this.#controller.activate(this.#now)
  }

  /** @returns the controller's answer, under the keys of the step */
  run(step: JsonObject): JsonObject {
    switch (str(step, 'op')) {
      case 'register':
        return this.#register(num(step, 'broker'), str(step, 'how'))
      case 'heartbeat':
        return { reply: this.#heartbeatStep(step) }
      case 'heartbeatAll':
        return { replies: this.#heartbeatAll(Object.keys(object(step, 'replies')).map(Number)) }
      case 'sessionTimeout':
        return { fencedInOrder: this.#sessionTimeout(nums(step, 'fencedInOrder')) }
      case 'createTopic':
        return this.#createTopic(step)
      case 'alterPartition':
        return this.#alterPartition(step)
      case 'electLeader':
        return this.#electLeader(step)
      case 'topicConfig':
        return this.#topicConfig(step)
      case 'balanceLeaders':
        return this.#append(this.#controller.maybeBalanceLeaders().records, {})
      case 'uncleanElectionTask':
        return this.#append(this.#controller.maybeElectUncleanLeaders().records, {})
      case 'reassign':
        return this.#reassign(step)
      case 'unregister':
        return this.#unregister(num(step, 'broker'))
      default:
        throw new MalformedVector(`unknown op '${str(step, 'op')}'`)
    }
  }

  compareState(path: string, step: JsonObject): Difference | null {
    const brokers: JsonObject = {}
    for (const broker of this.#controller.state.cluster.brokers()) {
      const up = broker.inControlledShutdown ? 'shutting down' : 'active'
      brokers[broker.id] = broker.fenced ? 'fenced' : up
    }
    const expected = object(step, 'partitions')
    const names = [...this.#partitions.keys()]
    return (
      compare(`${path}.brokers`, object(step, 'brokers'), brokers) ??
      compare(`${path}.partitions`, Object.keys(expected).sort(), names.sort()) ??
      names
        .map((name) => {
          const wanted = object(expected, name)
          return compare(`${path}.partitions.${name}`, wanted, this.#partitionJson(name, wanted))
        })
        .find((difference) => difference !== null) ??
      null
    )
  }

  #register(id: number, how: string): JsonObject {
    const process = this.#processes.get(id)
    const isRetry = how === 'retry'
    const incarnation = isRetry && process ? process.incarnation : ++this.#incarnations
    const request = {
      api: 'BrokerRegistration',
      brokerId: id,
      incarnation,
      rack: null,
      previousBrokerEpoch: how === 'clean' ? (process?.epoch ?? -1) : -1,
    } as const
    const { records, reply } = this.#controller.registerBroker(request, this.#nextOffset, this.#now)
    const result = okOr(reply.error)
    if (reply.error !== 'NONE') return { result }
    this.#append(records, {})
    const epoch = reply.brokerEpoch
    const newBrokerEpoch = epoch !== process?.epoch
    this.#processes.set(id, { incarnation, epoch, wantShutdown: false, isLive: true })
    return { result, newBrokerEpoch }
  }

  #heartbeatStep(step: JsonObject): string {
    const id = num(step, 'broker')
    const process = this.#processes.get(id)
    if (process !== undefined && flag(step, 'wantShutdown')) process.wantShutdown = true
    return this.#heartbeat(id, flag(step, 'wantFence'))
  }

  #heartbeat(id: number, wantFence: boolean): string {
    const process = this.#processes.get(id)
    if (process !== undefined) process.isLive = true
    this.#controller.trackBrokerHeartbeat(id, process?.epoch ?? -1, this.#now)
    const decision = this.#controller.processBrokerHeartbeat(
      {
        api: 'BrokerHeartbeat',
        brokerId: id,
        brokerEpoch: process?.epoch ?? -1,
        currentMetadataOffset: this.#nextOffset - 1,
        wantFence,
        wantShutDown: process?.wantShutdown ?? false,
      },
      this.#now,
    )
    this.#append(decision.records, {})
    if (decision.isInControlledShutdown) {
      this.#controller.updateControlledShutdownOffset(id, this.#nextOffset - 1)
    }
    const { reply } = decision
    if (reply.shouldShutDown && process !== undefined) process.isLive = false
    return replyText(reply, decision.isInControlledShutdown)
  }

  #heartbeatAll(ids: readonly number[]): JsonObject {
    const replies: JsonObject = {}
    for (const id of [...ids].sort((a, b) => a - b)) replies[id] = this.#heartbeat(id, false)
    return replies
  }

  /** The silent brokers are those that the recorded controller fenced; the others live on. */
  #sessionTimeout(silent: readonly number[]): number[] {
    for (const id of silent) {
      const process = this.#processes.get(id)
      if (process !== undefined) process.isLive = false
    }
    this.#now += SESSION_TIMEOUT_MS / 2
    this.#liveHeartbeats()
    this.#now += SESSION_TIMEOUT_MS / 2 + 1
    const fenced: number[] = []
    for (let hasMore = true; hasMore; ) {
      const result = this.#controller.maybeFenceStaleBroker(this.#now)
      this.#append(result.records, {})
      if (result.fenced >= 0) fenced.push(result.fenced)
      hasMore = result.hasMore
    }
    this.#liveHeartbeats()
    return fenced
  }

  #liveHeartbeats(): void {
    const live = [...this.#processes].filter(([, process]) => process.isLive).map(([id]) => id)
    for (const id of live.sort((a, b) => a - b)) {
      this.#heartbeat(id, this.#controller.state.cluster.broker(id)?.fenced ?? true)
    }
  }

  #createTopic(step: JsonObject): JsonObject {
    const name = str(step, 'topic')
    const assignments = list(step, 'assignments').map((ids) => numbersOf(ids) ?? [])
    const configs: Record<string, string> = {}
    const given = step.configs === undefined ? {} : object(step, 'configs')
    for (const [key, value] of Object.entries(given)) configs[key] = String(value)
    const firstPartition = this.#partitions.size
    const request: CreateTopicRequest = {
      api: 'CreateTopic',
      name,
      firstPartition,
      assignments,
      observers: [],
      configs,
    }
    const { records, reply } = this.#controller.createTopic(request)
    if (reply.error === 'NONE') {
      for (const i of assignments.keys()) this.#partitions.set(`${name}-${i}`, firstPartition + i)
    }
    const clears = this.#elrEnabled && 'min.insync.replicas' in configs ? 1 : 0
    const kafkas = 1 + Object.keys(configs).length + clears + assignments.length
    return this.#appendAs(kafkas, records, { result: okOr(reply.error) })
  }

  #alterPartition(step: JsonObject): JsonObject {
    const from = num(step, 'from')
    const stale = numsOr<number[]>(step, 'staleBrokerEpochOf', [])
    const recovery = strOr(step, 'recovery', 'RECOVERED')
    if (recovery !== 'RECOVERED' && recovery !== 'RECOVERING') {
      throw new MalformedVector(`unknown recovery state '${recovery}'`)
    }
    const { records, reply } = this.#controller.alterPartition({
      api: 'AlterPartition',
      brokerId: from,
      brokerEpoch: this.#epochOf(from) - (flag(step, 'ownBrokerEpochStale') ? 1 : 0),
      partitions: [
        {
          partition: this.#indexOf(step),
          leaderEpoch: num(step, 'leaderEpoch'),
          partitionEpoch: num(step, 'partitionEpoch'),
          newIsr: nums(step, 'isr').map((id) => ({
            id,
            brokerEpoch: this.#epochOf(id) - (stale.includes(id) ? 1 : 0),
          })),
          recovery,
        },
      ],
    })
    const error = reply.error === 'NONE' ? (reply.partitions[0]?.error ?? 'NONE') : reply.error
    return this.#append(records, { result: okOr(error) })
  }

  #electLeader(step: JsonObject): JsonObject {
    const type = str(step, 'type')
    if (type !== 'PREFERRED' && type !== 'UNCLEAN') throw new MalformedVector(`election '${type}'`)
    const { records, reply } = this.#controller.electLeader(this.#indexOf(step), type)
    return this.#append(records, { result: okOr(reply) })
  }

  #topicConfig(step: JsonObject): JsonObject {
    const { records, reply } = this.#controller.alterConfig({
      api: 'AlterConfig',
      resource: { type: 'topic', name: str(step, 'topic') },
      configs: { [str(step, 'key')]: strOr(step, 'value', null) },
    })
    const isClearing = this.#elrEnabled && str(step, 'key') === 'min.insync.replicas'
    return this.#appendAs(isClearing ? 2 : 1, records, { result: okOr(reply.error) })
  }

  #reassign(step: JsonObject): JsonObject {
    const { records, reply } = this.#controller.alterReassignment({
      api: 'AlterReassignment',
      partition: this.#indexOf(step),
      replicas: numsOr(step, 'replicas', null),
    })
    return this.#append(records, { result: okOr(reply.error) })
  }

  #unregister(id: number): JsonObject {
    const { records, reply } = this.#controller.unregisterBroker({
      api: 'UnregisterBroker',
      brokerId: id,
    })
    const process = this.#processes.get(id)
    if (process !== undefined) process.isLive = false
    return this.#append(records, { result: okOr(reply.error) })
  }

  #append(records: readonly MetadataRecord[], answer: JsonObject): JsonObject {
    for (const record of records) this.#controller.replay(record, this.#nextOffset++)
    return answer
  }

  /**
   * As many offsets pass as Kafka's own records take, which has one for each setting of a topic and
   * one for all that forget their ELR, also where the topic is new: a broker that registers later
   * has its epoch from them, and with it its place among those that are fenced together.
   */
  #appendAs(kafkas: number, records: readonly MetadataRecord[], answer: JsonObject): JsonObject {
    const end = this.#nextOffset + (records.length === 0 ? 0 : kafkas)
    this.#append(records, answer)
    this.#nextOffset = end
    return answer
  }

  #epochOf(id: number): number {
    return this.#controller.state.cluster.broker(id)?.epoch ?? -1
  }

  #indexOf(step: JsonObject): number {
    return this.#partitions.get(str(step, 'partition')) ?? -1
  }

  /** The partition with the optional fields that the record shows at this step. */
  #partitionJson(name: string, shown: JsonObject): JsonObject {
    const { registration } = this.#controller.state.partition(this.#partitions.get(name) ?? -1)
    return {
      leader: registration.leader,
      leaderEpoch: registration.leaderEpoch,
      partitionEpoch: registration.partitionEpoch,
      isr: [...registration.isr],
      ...(this.#elrEnabled && {
        elr: [...registration.elr],
        lastKnownElr: [...registration.lastKnownElr],
      }),
      ...(registration.recovery === 'RECOVERING' && { recovery: registration.recovery }),
      ...(shown.replicas !== undefined && assignmentJson(registration)),
    }
  }
}

function assignmentJson(registration: Registration): JsonObject {
  const { replicas, addingReplicas, removingReplicas } = registration
  return {
    replicas: [...replicas],
    ...(addingReplicas.length > 0 && { adding: [...addingReplicas] }),
    ...(removingReplicas.length > 0 && { removing: [...removingReplicas] }),
  }
}

function okOr(error: string): string {
  return error === 'NONE' ? 'OK' : error
}

function replyText(reply: BrokerHeartbeatResponse, isInControlledShutdown: boolean): string {
  if (reply.error !== 'NONE') return reply.error
  if (reply.shouldShutDown) return 'shut down now'
  if (isInControlledShutdown) return 'shutting down'
  return reply.isFenced ? 'fenced' : 'active'
}

/** A whole story; answers, brokers and partitions after every step. */
export function replayReplicationControl(goldenCase: JsonObject): Outcome {
  const story = new Story(flag(goldenCase, 'elrEnabled'))
  for (const [i, step] of objects(goldenCase, 'steps').entries()) {
    const path = `steps[${i}] ${str(step, 'op')}`
    const answer = story.run(step)
    const difference = compareAnswer(path, step, answer) ?? story.compareState(path, step)
    if (difference !== null) return difference
  }
  return null
}
