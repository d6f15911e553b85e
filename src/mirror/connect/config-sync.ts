// Models: a worker that has to read on in the config topic before it may do what it was given.
// Leaves out: nothing.
// Source: connect.runtime.distributed.DistributedHerder (readConfigToEnd, refreshConfigSnapshot,
// backoff); worker.sync.timeout.ms.

import { invariant } from '../../sim/invariant.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import { type Micros, millis } from '../../sim/time.ts'
import type { ConfigStore } from './config-store.ts'
import { CONFIG_SYNC_TRIES } from './connect-timeouts.ts'

/** What a sync needs of its worker. */
export interface ConfigSyncOptions {
  readonly process: ProcessContext
  readonly configs: Pick<ConfigStore, 'refresh'>
  readonly syncTimeoutMs: number
  readonly scheduledRebalanceMaxDelayMs: number
  /** Leaves the group: the others need not wait for one that cannot follow. */
  leave(): void
  /** Stops all that runs here. */
  stopAll(onStopped: () => void): void
}

/**
 * A worker that lags behind the config topic holds up nobody but itself:
 *
 * 1. the group has rebalanced over configurations that this worker has not read, and it cannot read
 *    them: their partition has no leader, though the group's coordinator answers;
 * 2. after worker.sync.timeout.ms it leaves the group, and its tasks run on: the others wait
 *    scheduled.rebalance.max.delay.ms before they take them;
 * 3. it tries again after a fiftieth of that delay, a fortieth and so on up to a tenth, less than
 *    half of it together, and then stops its tasks, before anybody else runs them.
 *
 * Owned by a worker, new with its process.
 */
export class ConfigSync {
  readonly #options: ConfigSyncOptions
  readonly #timer: Timer
  #triesLeft = CONFIG_SYNC_TRIES
  /** null while nobody waits. */
  #onDone: (() => void) | null = null

  constructor(options: ConfigSyncOptions) {
    this.#options = options
    this.#timer = options.process.timer(() => this.#try())
  }

  /** Calls back when all has been read, however long that takes; one at a time. */
  run(onDone: () => void): void {
    invariant(this.#onDone === null, 'a worker reads on for one thing at a time')
    this.#onDone = onDone
    this.#try()
  }

  #try(): void {
    const { configs, syncTimeoutMs } = this.#options
    configs.refresh(millis(syncTimeoutMs), (isRead) => {
      if (isRead) {
        this.#triesLeft = CONFIG_SYNC_TRIES
        const done = this.#onDone
        this.#onDone = null
        done?.()
      } else this.#fallBack()
    })
  }

  #fallBack(): void {
    this.#options.leave()
    if (this.#triesLeft > 0) {
      this.#timer.arm(this.#backoff)
      this.#triesLeft--
      return
    }
    this.#triesLeft = CONFIG_SYNC_TRIES
    this.#options.stopAll(() => this.#try())
  }

  get #backoff(): Micros {
    const tenth = Math.floor(this.#options.scheduledRebalanceMaxDelayMs / 10)
    return millis(Math.floor(tenth / this.#triesLeft))
  }
}
