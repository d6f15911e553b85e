// Links between clusters as the lab runs them: one type a system, told apart by `system`.

import type {
  ConnectWorkerSettings,
  ConsumerSettings,
  MirrorMaker2Settings,
  ProducerSettings,
} from '../kafka/settings/modelled.ts'

/** Where a process of a link runs. */
export interface WorkerSpec {
  readonly name: string
  readonly region: string
  readonly zone: string
  readonly host: string
}

/** What every link has. */
export interface LinkBase {
  readonly name: string
  /** Names of clusters: what is copied, and where to. */
  readonly from: string
  readonly to: string
}

/** A flow of a dedicated MirrorMaker 2 cluster. */
export interface MirrorMaker2Spec extends LinkBase {
  readonly system: 'mirror-maker2'
  readonly workers: readonly WorkerSpec[]
  readonly config: MirrorMaker2Settings
  readonly worker: ConnectWorkerSettings
  /** Of the data producer, as Connect sets it and the file changes it. */
  readonly producer: ProducerSettings
  readonly consumer: ConsumerSettings
}

export type LinkSpec = MirrorMaker2Spec
