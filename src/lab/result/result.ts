// From a finished simulation and its judgement to the result that leaves the lab.

import { groupTracks } from '../../check/group-track.ts'
import type { Judgement } from '../../check/judgement.ts'
import { linkTracks } from '../../check/links/link-track.ts'
import type { LinkPaths } from '../../check/links/path.ts'
import { controllerSpans, partitionViews } from '../../check/partition-view.ts'
import { seriesOf } from '../../check/series.ts'
import {
  type FaultBand,
  type RunClock,
  type RunResult,
  SCHEMA_VERSION,
  type TimelineEvent,
} from '../../contract.ts'
import { KINDS_WITHOUT_HEAL } from '../../faults/catalogue.ts'
import type { History } from '../../history.ts'
import { NO_EVENT } from '../../history.ts'
import type { Note, Scenario } from '../../scenario/model.ts'
import type { Micros } from '../../sim/time.ts'
import { SAMPLED_PARTITIONS } from '../record/samples.ts'
import { replayLine } from '../replay-line.ts'
import type { Simulation } from '../simulation.ts'
import { clusterState } from './cluster-state.ts'
import { effectiveConfig } from './effective-config.ts'
import { inCluster } from './in-cluster.ts'
import { topologyOf } from './topology.ts'
import { trafficOf } from './traffic.ts'

/** How the run was asked for. */
interface Asked {
  readonly until?: Micros
  readonly file?: string
}

/** `step` is the grid of the charts, micros. */
export function resultOf(
  simulation: Simulation,
  judgement: Judgement,
  paths: LinkPaths,
  step: Micros,
  options: Asked,
): RunResult {
  const { scenario, history, seed, world } = simulation
  const untilMs = options.until === undefined ? null : options.until / 1000
  const file = options.file ?? scenario.name
  return {
    schemaVersion: SCHEMA_VERSION,
    scenario: scenario.name,
    question: scenario.question === '' ? null : scenario.question,
    answer: scenario.answer === '' ? null : scenario.answer,
    kafkaVersion: scenario.version,
    flavour: scenario.flavour,
    seed,
    digest: world.scheduler.digest(),
    ...judgement,
    traffic: trafficOf(simulation, judgement.egress.usd),
    clock: clockOf(simulation, history),
    topology: topologyOf(scenario),
    faults: faultBands(history),
    timeline: timelineOf(history),
    series: seriesOf(history, step, paths),
    controllers: controllerSpans(history),
    partitions: partitionViews(history, step, SAMPLED_PARTITIONS),
    groupTracks: groupTracks(history, step, SAMPLED_PARTITIONS),
    linkTracks: linkTracks(history, step, SAMPLED_PARTITIONS, paths),
    clusters: simulation.clusters.map((live) => clusterState(simulation, live)),
    config: effectiveConfig(scenario),
    notModelled: notesOf(scenario, 'unmodelled'),
    notes: notesOf(scenario, 'remark'),
    knobs: knobsOf(simulation),
    limits: scenario.limits,
    replay: replayLine(file, seed, untilMs),
    file,
    untilMs,
  }
}

function notesOf({ notes }: Scenario, kind: Note['kind']) {
  const own = notes.filter((note) => note.kind === kind)
  return own.map(({ path, message }) => ({ subject: path, text: message }))
}

function clockOf({ world }: Simulation, history: History): RunClock {
  const first = history.faults[0]
  return {
    startMs: history.startAt / 1000,
    faultAtMs: first === undefined ? null : first.from / 1000,
    loadEndMs: history.loadEndAt / 1000,
    endMs: history.endAt / 1000,
    events: world.scheduler.fired,
  }
}

/** Kinds of the timetable that are done at once, as an operator's commands are. */
const MOMENTARY: ReadonlySet<string> = new Set(KINDS_WITHOUT_HEAL)

function faultBands(history: History): FaultBand[] {
  return history.faults.map(({ id, kind, target, from, until }) => ({
    id,
    kind,
    target,
    text: `${kind} ${target}`.trim(),
    fromMs: from / 1000,
    untilMs: (MOMENTARY.has(kind) ? from : until) / 1000,
  }))
}

function timelineOf(history: History): TimelineEvent[] {
  const events = history.events.map(({ id, at, actor, kind, text, cause, partition, values }) => ({
    id,
    atMs: at / 1000,
    actor,
    kind,
    text,
    cause: cause === NO_EVENT ? null : cause,
    partition: partition < 0 ? null : history.partitionName(partition),
    values,
  }))
  return events.sort((a, b) => a.atMs - b.atMs || a.id - b.id)
}

function knobsOf({ scenario }: Simulation): Record<string, number | string> {
  const entries = scenario.clusters.flatMap(({ name: cluster, knobs }) =>
    Object.entries(knobs).map(([name, value]) => [
      inCluster(scenario, cluster, name),
      typeof value === 'number' ? value : value.join(' to '),
    ]),
  )
  return Object.fromEntries(entries)
}
