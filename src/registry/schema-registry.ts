// Models: one instance of a schema registry: it reads from what it knows of the topic, and writes
// if it leads, or has the leader write.
// Leaves out: compatibility checks, references, contexts, deletion, the modes IMPORT and FORWARD;
// READONLY here is the instance's own, where it is a record of the topic; the rollback of a record
// whose id is taken (it is left out, as other members do); a limit of server threads.
// Source: storage.KafkaSchemaRegistry (init, setLeader, registerOrForward, register), rest.
// SchemaRegistryRestApplication (it listens when it is initialised).

import type { RecordIds } from '../kafka/internal-record-ids.ts'
import type { ClusterPort } from '../mirror/cluster-port.ts'
import { answering, ask } from '../mirror/single-call.ts'
import { invariant } from '../sim/invariant.ts'
import type { Network } from '../sim/network.ts'
import type { Process } from '../sim/process.ts'
import { millis } from '../sim/time.ts'
import { KafkaStore } from './kafka-store.ts'
import { LeaderElector } from './leader-elector.ts'
import {
  type RegisteredSchema,
  RegistryCall,
  type RegistryError,
  RegistryReply,
  type RegistryRequest,
  SCHEMA_BYTES,
  type Schema,
} from './messages.ts'
import { SchemaCache } from './schema-cache.ts'
import { WriteLock } from './write-lock.ts'

export interface SchemaRegistryConfig {
  readonly topic: string
  readonly replicationFactor: number
  readonly initTimeoutMs: number
  /** Of one wait for the topic. */
  readonly timeoutMs: number
  readonly group: string
  readonly isEligible: boolean
  readonly isSticky: boolean
  readonly isReadOnly: boolean
  readonly sessionTimeoutMs: number
  readonly heartbeatIntervalMs: number
  readonly rebalanceTimeoutMs: number
  readonly leaderConnectTimeoutMs: number
  readonly leaderReadTimeoutMs: number
}

export interface SchemaRegistryOptions {
  readonly process: Process
  readonly network: Network
  readonly cluster: ClusterPort
  readonly recordIds: RecordIds
  readonly config: SchemaRegistryConfig
  /** The process behind the URL of another instance; null where there is none. */
  readonly find: (url: string) => Process | null
  readonly tell: (kind: string, text: string) => void
  /** It serves from now on. */
  readonly onReady: () => void
  /** It could not start, and its process must end. */
  readonly onFailed: (what: string) => void
}

type OnAnswer = (schema: RegisteredSchema | null, error: RegistryError | null) => void

/**
 * Nothing listens at its port until it has read the topic and heard who leads. A start that takes
 * longer than `initTimeoutMs` ends in `onFailed`.
 */
export class SchemaRegistry {
  readonly #options: SchemaRegistryOptions
  readonly #store: KafkaStore
  readonly #cache = new SchemaCache()
  readonly #lock = new WriteLock()
  #leader: string | null = null
  /** It was elected and finds out where the topic ends: whoever asks who leads waits. */
  #isTakingOver = false
  #afterTakeOver: (() => void)[] = []
  #isReady = false

  /** Build one in each incarnation of its process. */
  constructor(options: SchemaRegistryOptions) {
    const { process, config, onFailed } = options
    this.#options = options
    this.#store = new KafkaStore({
      ...options,
      config,
      onSchema: (record) => {
        if (this.#cache.take(record)) return
        const kept = this.#cache.byId(record.id)?.text
        options.tell('schema-ignored', `id ${record.id} is ${kept}: ${record.text} is left out`)
      },
    })
    this.#store.init((isReady) => {
      if (isReady) this.#join()
      else onFailed(`cannot read ${config.topic} to its end`)
    })
    const timer = process.timer(() => {
      if (!this.#isReady) onFailed('is not told within kafkastore.init.timeout.ms who leads')
    })
    this.#armInit = () => timer.arm(millis(config.initTimeoutMs))
  }

  readonly #armInit: () => void

  /** As the group's last assignment says, whether it has read the topic since or not. */
  get isLeader(): boolean {
    return this.#leader === this.#url
  }

  get #url(): string {
    return this.#options.process.name
  }

  // ---- who leads --------------------------------------------------------------------------------

  #join(): void {
    const { process, network, cluster, config } = this.#options
    this.#armInit()
    new LeaderElector({
      ...{ process, network, cluster },
      config: { ...config, url: this.#url },
      onLeader: (url) => this.#setLeader(url),
    })
  }

  /** setLeader: a new leader reads all that the last one wrote before it gives ids. */
  #setLeader(url: string | null): void {
    const before = this.#leader
    this.#leader = url
    if (!this.isLeader || url === before) {
      this.#settled()
      return
    }
    this.#isTakingOver = true
    this.#store.markLastWrittenOffsetInvalid()
    this.#store.awaitLastOffset(this.#options.config.initTimeoutMs, (end) => {
      this.#isTakingOver = false
      const how = end === 'done' ? 'leads' : `leads, and has not read the topic: ${end}`
      this.#options.tell('registry-leader', how)
      // A leader that failed so stays one; each write finds out again. At its start it ends.
      if (end === 'done' || this.#isReady) this.#settled()
      for (const fn of this.#afterTakeOver.splice(0)) fn()
    })
  }

  #settled(): void {
    if (this.#isReady) return
    this.#isReady = true
    this.#listen()
    this.#options.onReady()
  }

  #whenLeaderIsKnown(fn: () => void): void {
    if (this.#isTakingOver) this.#afterTakeOver.push(fn)
    else fn()
  }

  // ---- what it serves ---------------------------------------------------------------------------

  #listen(): void {
    const { process, network } = this.#options
    const handler = answering((message, answer) => {
      invariant(message instanceof RegistryCall, 'nobody says anything else to a registry')
      this.#handle(message.request, (schema, error) =>
        answer(new RegistryReply(schema, error), SCHEMA_BYTES),
      )
    })
    network.listen(process, () => handler)
  }

  #handle(request: RegistryRequest, onAnswer: OnAnswer): void {
    switch (request.kind) {
      case 'by-id':
        answerWith(this.#cache.byId(request.id), onAnswer)
        return
      case 'lookup':
        answerWith(this.#cache.bySubject(request.schema), onAnswer)
        return
      case 'register':
        this.#registerOrForward(request, onAnswer)
    }
  }

  #registerOrForward(
    request: Extract<RegistryRequest, { kind: 'register' }>,
    onAnswer: OnAnswer,
  ): void {
    const known = this.#cache.bySubject(request.schema)
    if (known !== null) {
      onAnswer(known, null)
      return
    }
    this.#lock.lock((unlock) => {
      const end: OnAnswer = (schema, error) => {
        unlock()
        onAnswer(schema, error)
      }
      this.#whenLeaderIsKnown(() => {
        if (this.isLeader) this.#register(request.schema, end)
        else if (this.#leader === null) end(null, 'UNKNOWN_LEADER')
        else this.#forward(this.#leader, request, end)
      })
    })
  }

  /** The leader: reads what there is, gives the next id, writes, and reads that back. */
  #register(schema: Schema, onAnswer: OnAnswer): void {
    const { timeoutMs, isReadOnly } = this.#options.config
    if (isReadOnly) {
      onAnswer(null, 'OPERATION_NOT_PERMITTED')
      return
    }
    this.#store.awaitLastOffset(timeoutMs, (read) => {
      const known = this.#cache.bySubject(schema)
      if (read !== 'done') onAnswer(null, errorOf(read))
      else if (known !== null) onAnswer(known, null)
      else {
        const id = this.#cache.idOf(schema.text)
        this.#store.put({ kind: 'schema', ...schema, id }, timeoutMs, (end) => {
          if (end === 'done') onAnswer({ id, text: schema.text }, null)
          else onAnswer(null, errorOf(end))
        })
      }
    })
  }

  #forward(leader: string, request: RegistryRequest, onAnswer: OnAnswer): void {
    const { process, network, config, find } = this.#options
    const server = find(leader)
    if (server === null) {
      onAnswer(null, 'FORWARDING_FAILED')
      return
    }
    const connectTimeout = millis(config.leaderConnectTimeoutMs)
    const readTimeout = millis(config.leaderReadTimeoutMs)
    const message = new RegistryCall(request)
    const question = { process, network, server, connectTimeout, readTimeout, message }
    ask({ ...question, bytes: SCHEMA_BYTES }, (reply) => {
      // What the leader refuses is refused with its own words.
      if (reply instanceof RegistryReply) onAnswer(reply.schema, reply.error)
      else onAnswer(null, 'FORWARDING_FAILED')
    })
  }
}

function answerWith(found: RegisteredSchema | null, onAnswer: OnAnswer): void {
  onAnswer(found, found === null ? 'SCHEMA_NOT_FOUND' : null)
}

function errorOf(end: 'timed-out' | 'failed'): RegistryError {
  return end === 'timed-out' ? 'OPERATION_TIMED_OUT' : 'STORE_FAILED'
}
