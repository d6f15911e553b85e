// Models: what a run needs to know and Kafka has no setting for: how long work takes on a machine.
// Leaves out: contention for cores; a knob is the service time of one piece of work on its own.
// Source: calibrated against runs of real Kafka 4.1.0; physical defaults of common SSDs.

export interface Knob {
  readonly default: number | readonly [number, number]
  readonly min: number
  readonly max: number
  readonly doc: string
}

/** A value, or a range from which each use draws uniformly. */
export const KNOBS = {
  brokerRequestServiceMicros: {
    default: 300,
    min: 0,
    max: 1_000_000,
    doc: 'A broker’s work on one request, from its last byte read to its handling.',
  },
  brokerFetchServiceMicros: {
    default: 1000,
    min: 0,
    max: 1_000_000,
    doc: 'A broker’s work on one fetch, before it reads and again before its answer leaves.',
  },
  brokerColdPercentMean: {
    default: 0,
    min: 0,
    max: 10_000,
    doc: 'How much longer a new process takes for its work: mean percent, fading as it serves.',
  },
  fetcherServiceMicros: {
    default: 500,
    min: 0,
    max: 1_000_000,
    doc: 'From a fetch response in a follower’s socket to its fetcher thread.',
  },
  followerAppendServiceMicros: {
    default: 500,
    min: 0,
    max: 1_000_000,
    doc: 'A follower’s work on one fetch response, until its next fetch is sent.',
  },
  clientServiceMicros: {
    default: 1400,
    min: 0,
    max: 1_000_000,
    doc: 'A client’s work on one request and its response.',
  },
  raftServiceMicros: {
    default: 300,
    min: 0,
    max: 1_000_000,
    doc: 'The quorum’s raft thread: its work on one message.',
  },
  controllerServiceMicros: {
    default: 500,
    min: 0,
    max: 1_000_000,
    doc: 'The controller’s work on one event of its queue.',
  },
  jvmStartMillis: {
    default: [1500, 3500],
    min: 0,
    max: 600_000,
    doc: 'From the start of a broker or controller process to its first request.',
  },
  clientStartMillis: {
    default: [0, 0],
    min: 0,
    max: 600_000,
    doc: 'From the start of a client’s process until it can send its first request.',
  },
  logRecoveryMicrosPerMegabyte: {
    default: 3000,
    min: 0,
    max: 60_000_000,
    doc: 'Rescanning a log after an unclean stop, per megabyte past its recovery point.',
  },
  coordinatorLoadMicrosPerMegabyte: {
    default: 20_000,
    min: 0,
    max: 60_000_000,
    doc: 'A new group coordinator’s reading of its partition, per megabyte of it.',
  },
  diskFsyncMicros: {
    default: [500, 2000],
    min: 0,
    max: 60_000_000,
    doc: 'Making written bytes durable.',
  },
  diskBytesPerSecond: {
    default: 400_000_000,
    min: 1000,
    max: 100_000_000_000,
    doc: 'Sequential throughput of a disk.',
  },
} as const satisfies Record<string, Knob>

export type KnobName = keyof typeof KNOBS
type KnobValue<K extends KnobName> = (typeof KNOBS)[K]['default'] extends readonly unknown[]
  ? readonly [number, number]
  : number

/** Every knob with its value; ranges are [from, to], both inclusive. */
export type Knobs = { readonly [K in KnobName]: KnobValue<K> }

export const KNOB_NAMES = Object.keys(KNOBS) as readonly KnobName[]

/** The knobs with their defaults, overridden by name. The caller has checked the values. */
export function knobsWith(overrides: Partial<Knobs> = {}): Knobs {
  const entries = KNOB_NAMES.map((name) => [name, overrides[name] ?? KNOBS[name].default] as const)
  return Object.fromEntries(entries) as unknown as Knobs
}
