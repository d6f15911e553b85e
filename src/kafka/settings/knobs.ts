// Models: what a run needs to know and Kafka has no setting for: how long work takes on a machine.
// Leaves out: contention for cores; a knob is the service time of one piece of work on its own.
// Source: calibrated against runs of real Kafka 4.1.0; physical defaults of common SSDs.

import { keysOf, whole } from '../../sim/closed-table.ts'

/** From and to, both inclusive: each use draws uniformly. */
type Range = readonly [number, number]

/** `V` is one value, or a range. */
export interface Knob<V extends number | Range> {
  readonly default: V
  readonly min: number
  readonly max: number
  readonly doc: string
}

// A knob is not Kafka's: each says how much a machine of today takes for one piece of work. They
// add up to the latency of a quiet cluster; what a fault costs hangs on time-outs, not on them.
const TABLE = {
  // Network thread, queue and request thread together.
  brokerRequestServiceMicros: amount({
    default: 300,
    min: 0,
    max: 1_000_000,
    doc: 'A broker’s work on one request, from its last byte read to its handling.',
  }),
  brokerFetchServiceMicros: amount({
    default: 1000,
    min: 0,
    max: 1_000_000,
    doc: 'A broker’s work on one fetch, before it reads and again before its answer leaves.',
  }),
  // A JVM that has just started interprets what it will compile later.
  brokerColdPercentMean: amount({
    default: 0,
    min: 0,
    max: 10_000,
    doc: 'How much longer a new process takes for its work: mean percent, fading as it serves.',
  }),
  // The two together bound how often a follower can ask, and so how soon acks=all is answered.
  fetcherServiceMicros: amount({
    default: 500,
    min: 0,
    max: 1_000_000,
    doc: 'From a fetch response in a follower’s socket to its fetcher thread.',
  }),
  followerAppendServiceMicros: amount({
    default: 500,
    min: 0,
    max: 1_000_000,
    doc: 'A follower’s work on one fetch response, until its next fetch is sent.',
  }),
  clientServiceMicros: amount({
    default: 1400,
    min: 0,
    max: 1_000_000,
    doc: 'A client’s work on one request and its response.',
  }),
  // The raft thread and the controller's are two: records pass through both.
  raftServiceMicros: amount({
    default: 300,
    min: 0,
    max: 1_000_000,
    doc: 'The quorum’s raft thread: its work on one message.',
  }),
  controllerServiceMicros: amount({
    default: 500,
    min: 0,
    max: 1_000_000,
    doc: 'The controller’s work on one event of its queue.',
  }),
  // The shortest outage of a restart; each start draws anew.
  jvmStartMillis: range({
    default: [1500, 3500],
    min: 0,
    max: 600_000,
    doc: 'From the start of a broker or controller process to its first request.',
  }),
  clientStartMillis: range({
    default: [0, 0],
    min: 0,
    max: 600_000,
    doc: 'From the start of a client’s process until it can send its first request.',
  }),
  // What a killed broker reads before it may be unfenced; clean stops read nothing.
  logRecoveryMicrosPerMegabyte: amount({
    default: 3000,
    min: 0,
    max: 60_000_000,
    doc: 'Rescanning a log after an unclean stop, per megabyte past its recovery point.',
  }),
  // While it reads, members hear COORDINATOR_LOAD_IN_PROGRESS.
  coordinatorLoadMicrosPerMegabyte: amount({
    default: 20_000,
    min: 0,
    max: 60_000_000,
    doc: 'A new group coordinator’s reading of its partition, per megabyte of it.',
  }),
  // Waited for by the quorum with every record; by brokers only where flush.messages asks.
  diskFsyncMicros: range({
    default: [500, 2000],
    min: 0,
    max: 60_000_000,
    doc: 'Making written bytes durable.',
  }),
  // Writes queue behind one another.
  diskBytesPerSecond: amount({
    default: 400_000_000,
    min: 1000,
    max: 100_000_000_000,
    doc: 'Sequential throughput of a disk.',
  }),
}

export type KnobName = keyof typeof TABLE

/** Every knob with its value. */
export type Knobs = { readonly [K in KnobName]: (typeof TABLE)[K]['default'] }
type KnobsToFill = { -readonly [K in KnobName]?: Knobs[K] }

export const KNOBS: { readonly [K in KnobName]: Knob<Knobs[K]> } = TABLE
export const KNOB_NAMES: readonly KnobName[] = keysOf(KNOBS)

/** The knobs with their defaults, overridden by name. The caller has checked the bounds. */
export function knobsWith(
  overrides: Readonly<Record<string, number | Range | undefined>> = {},
): Knobs {
  const knobs: KnobsToFill = {}
  for (const name of KNOB_NAMES) fill(knobs, name, overrides[name])
  return whole<Knobs>(knobs, KNOB_NAMES)
}

/**
 * What is of the wrong kind leaves the default: bounds and kinds were looked at where it was read.
 */
function fill<K extends KnobName>(
  knobs: KnobsToFill,
  name: K,
  override: number | Range | undefined,
): void {
  const usual: Knobs[K] = KNOBS[name].default
  knobs[name] = isLike(override, usual) ? override : usual
}

/** A number where the default is one, a range where it is a range. */
function isLike<V extends number | Range>(value: number | Range | undefined, usual: V): value is V {
  return typeof value === typeof usual
}

function amount(knob: Knob<number>): Knob<number> {
  return knob
}

function range(knob: Knob<Range>): Knob<Range> {
  return knob
}
