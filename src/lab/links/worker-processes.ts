// The processes of a link on Connect's workers, whatever connectors run in them.

import type { ClusterPort } from '../../mirror/cluster-port.ts'
import { lookUpClusters } from '../../mirror/connect/cluster-lookup.ts'
import type { Worker } from '../../mirror/connect/worker.ts'
import { type RestServer, WorkerRest } from '../../mirror/connect/worker-rest.ts'
import type { WorkerSpec } from '../../scenario/links.ts'
import type { Durable } from '../../sim/disk.ts'
import type { Process } from '../../sim/process.ts'
import type { Micros } from '../../sim/time.ts'
import { processAt } from '../geography.ts'
import { type Tell, tellEnded } from './link-events.ts'
import type { Replicator, ReplicatorSurroundings } from './replicator.ts'

/** What is known of the processes of a link. */
interface ProcessesSpec {
  readonly name: string
  readonly to: string
  readonly start: Micros
  readonly workers: readonly WorkerSpec[]
}

/** Builds what runs in a worker, at each boot of its process; `onReady`: it has begun to copy. */
export type BootWorker = (process: Process, onReady: () => void) => void

/** Ready when the first of them has begun to copy, and from then on, whatever becomes of them. */
export class WorkerProcesses implements Replicator {
  readonly #spec: ProcessesSpec
  readonly #around: ReplicatorSurroundings
  readonly #boot: BootWorker
  #isReady = false

  constructor(spec: ProcessesSpec, around: ReplicatorSurroundings, boot: BootWorker) {
    this.#spec = spec
    this.#around = around
    this.#boot = boot
  }

  get name(): string {
    return this.#spec.name
  }

  /** Scenario time; endless where only a command starts it. */
  get startsAt(): Micros {
    return this.#spec.start
  }

  /** Also the start of a link that a runbook has stopped: a process that runs is left alone. */
  start(delay: Micros): void {
    for (const worker of this.#spec.workers) this.#processOf(worker).start(delay)
  }

  /** Stays true through crashes and stops. */
  isReady(): boolean {
    return this.#isReady
  }

  #processOf(worker: WorkerSpec): Process {
    const process = processOf(worker, this.#spec, this.#around)
    process.onBoot = () =>
      this.#boot(process, () => {
        this.#isReady = true
      })
    return process
  }
}

/**
 * A link whose workers depend on other processes of its own: all start with it, and it copies when
 * the workers do.
 */
export function withServices(
  services: readonly WorkerProcesses[],
  workers: WorkerProcesses,
): Replicator {
  return {
    name: workers.name,
    startsAt: workers.startsAt,
    start: (delay) => {
      for (const part of [...services, workers]) part.start(delay)
    },
    isReady: () => workers.isReady(),
  }
}

/** `start` once each of these clusters has answered; the process ends where one does not. */
export function onceAnswered(
  process: Process,
  { world }: ReplicatorSurroundings,
  clusters: readonly ClusterPort[],
  tell: Tell,
  start: () => void,
): void {
  // The shutdown hook comes later: until then SIGTERM ends it at once.
  process.onTerminate = null
  lookUpClusters(process, world.network, clusters, (silent) => {
    if (silent === null) {
      start()
      return
    }
    tellEnded(tell, `${silent.name} does not answer at its start, exit code 2`)
    process.exit()
  })
}

/** What a process keeps on its disk, from its first boot on: it outlives the process. */
export function keptOnDisk<T extends Durable>(create: () => T): (process: Process) => T {
  let kept: T | null = null
  return (process) => {
    if (kept !== null) return kept
    kept = create()
    process.host.disk.register(kept)
    return kept
  }
}

/** A process of a link, on a host with the disk that the target's hosts have. */
export function processOf(
  worker: WorkerSpec,
  { to }: Pick<ProcessesSpec, 'to'>,
  { world, clusterOf }: ReplicatorSurroundings,
): Process {
  return processAt(world, worker, clusterOf(to).spec.disk)
}

/** The shutdown hook of a process: one herder after the other, as long as each of them takes. */
export function stopOnTerminate(process: Process, herders: readonly Worker[]): void {
  const left = [...herders]
  const stopNext = (): void => {
    const next = left.shift()
    if (next === undefined) process.exit()
    else next.stop(stopNext)
  }
  process.onTerminate = stopNext
}

/** Calls between the workers of a Connect cluster. */
export function restOf(
  { world }: ReplicatorSurroundings,
  process: Process,
  server?: RestServer,
  path?: string,
): WorkerRest {
  const find = (url: string) => world.processes.get(url) ?? null
  return new WorkerRest(process, world.network, find, server, path)
}
