// Models: the place where Flink keeps its newest checkpoint, a service of its own: what it has
// confirmed is on its disk.
// Leaves out: the objects of earlier checkpoints; where high availability keeps its pointer, which
// lies beside them here; a service in several zones.
// Source: org.apache.flink.runtime.state.filesystem.FsCheckpointStorageAccess,
// runtime.checkpoint.CompletedCheckpointStore.

import type { Durable } from '../../sim/disk.ts'
import type { Network } from '../../sim/network.ts'
import type { Process, Timer } from '../../sim/process.ts'
import { type Micros, SECOND } from '../../sim/time.ts'
import { ServiceConnection, sendTo } from '../service-connection.ts'

/** A file system's client gives up then: the model's choice, as each client has its own. */
const ANSWER_TIMEOUT: Micros = 30 * SECOND
const RETRY: Micros = 1 * SECOND

/** What lies on the service's disk. */
export class StoredCheckpoint implements Durable {
  text: string | null = null

  /** Loses nothing: what was confirmed has been flushed. */
  powerLoss(): void {}

  /** The job then begins where a new one would. */
  wipe(): void {
    this.text = null
  }
}

/** A call, and later its answer under the same number: what was stored, or what there is. */
class StorageMessage {
  readonly id: number
  readonly text: string | null
  /** Else it is a read. */
  readonly isPut: boolean

  constructor(id: number, isPut: boolean, text: string | null) {
    this.id = id
    this.isPut = isPut
    this.text = text
  }

  get bytes(): number {
    return this.text?.length ?? 0
  }
}

/** Serves one job. Build it at each boot of `process`. */
export function serveCheckpoints(
  process: Process,
  network: Network,
  stored: StoredCheckpoint,
): void {
  network.listen(process, () => ({
    onOpen() {},
    onMessage(socket, message) {
      if (!(message instanceof StorageMessage)) return
      const { id, isPut, text } = message
      if (isPut) stored.text = text
      const answer = new StorageMessage(id, isPut, isPut ? null : stored.text)
      const delay = isPut ? process.host.disk.fsync(message.bytes) : 0
      process.timer(() => sendTo(socket, answer)).arm(delay)
    },
    onClose() {},
  }))
}

interface Call {
  readonly message: StorageMessage
  readonly onAnswer: (text: string | null, isAnswered: boolean) => void
  readonly timer: Timer
}

/**
 * A call without an answer for 30 s has failed; one under way is sent again on each new connection.
 */
export class CheckpointStorage {
  readonly #process: Process
  readonly #connection: ServiceConnection<StorageMessage, StorageMessage>
  readonly #calls = new Map<number, Call>()
  #lastId = 0

  /** Build one in each incarnation of the job manager. */
  constructor(process: Process, network: Network, server: Process) {
    this.#process = process
    this.#connection = new ServiceConnection<StorageMessage, StorageMessage>(
      {
        ...{ process, network, server },
        isMessage: (message) => message instanceof StorageMessage,
        connectTimeout: ANSWER_TIMEOUT,
        retryAfter: () => RETRY,
      },
      {
        onUp: () => {
          for (const { message } of this.#calls.values()) this.#connection.send(message)
        },
        onMessage: ({ id, text }) => this.#end(id, text, true),
        onDown: () => {},
      },
    )
  }

  /** Calls back once: whether it is stored. One that failed may have been stored all the same. */
  put(text: string, onDone: (isStored: boolean) => void): void {
    this.#call(true, text, (_text, isAnswered) => onDone(isAnswered))
  }

  /** Tries until there is an answer: a job without its checkpoint would begin from the start. */
  read(onRead: (text: string | null) => void): void {
    this.#call(false, null, (text, isAnswered) => {
      if (isAnswered) onRead(text)
      else this.read(onRead)
    })
  }

  #call(isPut: boolean, text: string | null, onAnswer: Call['onAnswer']): void {
    const id = ++this.#lastId
    const timer = this.#process.timer(() => this.#end(id, null, false))
    timer.arm(ANSWER_TIMEOUT)
    const message = new StorageMessage(id, isPut, text)
    this.#calls.set(id, { message, onAnswer, timer })
    this.#connection.send(message)
  }

  #end(id: number, text: string | null, isAnswered: boolean): void {
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    call?.timer.cancel()
    call?.onAnswer(text, isAnswered)
  }
}
