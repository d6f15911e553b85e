// Models: where a worker keeps how far it has come: in ZooKeeper, a node for each partition of its
// group; a call waits for as long as ZooKeeper is away, and so does the thread that made it.
// Leaves out: nothing.
// Source: com.uber.stream.ureplicator.worker.ZookeeperCheckpointManager.

import type { Offset } from '../../kafka/ids.ts'
import type { HelixPartition } from './helix.ts'
import type { ZooKeeperSession } from './zookeeper-session.ts'

/** Offsets are those of the next record to read, as Kafka's own old consumer kept them there. */
export class ZooKeeperCheckpoints {
  readonly #zookeeper: ZooKeeperSession
  readonly #folder: string
  /** By this worker, and never read back: another one may have written since. */
  readonly #written = new Map<HelixPartition, Offset>()

  constructor(zookeeper: ZooKeeperSession, group: string) {
    this.#zookeeper = zookeeper
    this.#folder = `/consumers/${group}/offsets/`
  }

  /** Calls back with the next offset to read, or null where nobody has ever committed one. */
  fetchOffset(partition: HelixPartition, onOffset: (offset: Offset | null) => void): void {
    const path = `${this.#folder}${partition}`
    this.#zookeeper.ask({ kind: 'read', prefix: path }, ({ nodes }) => {
      const written = nodes.get(path)
      onOffset(written === undefined ? null : Number(written))
    })
  }

  /** Writes what this worker has not written before, side by side; `onDone`: all of it is there. */
  commitOffset(offsets: ReadonlyMap<HelixPartition, Offset>, onDone: () => void): void {
    const news = [...offsets].filter(([partition, offset]) => {
      return this.#written.get(partition) !== offset
    })
    let open = news.length
    if (open === 0) onDone()
    for (const [partition, offset] of news) {
      const path = `${this.#folder}${partition}`
      this.#zookeeper.ask({ kind: 'set', path, data: String(offset) }, () => {
        this.#written.set(partition, offset)
        open--
        if (open === 0) onDone()
      })
    }
  }
}
