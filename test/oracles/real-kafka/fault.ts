// Kind fault: a producer, a timeline of faults, and what producer and controller log say of it.

import { type Micros, SECOND } from '../../../src/sim/time.ts'
import { applyStep, mendAll, stepContext } from './apply-step.ts'
import { clusterScenario } from './cluster-scenario.ts'
import { controllerLog, type LogLine } from './controller-log.ts'
import type { FaultExperiment, FaultRun } from './experiment.ts'
import { judgeFaultRuns } from './fault-verdicts.ts'
import { type ProducerFigures, producerFigures } from './figures.ts'
import { DEFAULT_TOLERANCE, type FigureVerdict } from './pass-rule.ts'
import { Rig } from './rig.ts'
import { brokerBy, type Cast, regionBy } from './roles.ts'
import { drawSpan, isEachAnew, lateSteps, momentsOf } from './steps.ts'

/** Quiet between two runs, seconds. */
const QUIET_S: readonly [number, number] = [2, 6]
const SETTLE: Micros = SECOND
/** Age of the cluster before the first run, seconds: periodic tasks are then at any phase. */
const AGE_S: readonly [number, number] = [10, 40]

/** What one simulated run shows. */
export interface SimulatedRun extends ProducerFigures {
  readonly log: readonly LogLine[]
}

export function calibrateFault(file: FaultExperiment, seeds: number): FigureVerdict[] {
  const simulated: SimulatedRun[][] = file.measured.map(() => [])
  for (let seed = 1; seed <= seeds; seed++) {
    for (const [i, run] of simulateFault(file, seed).entries()) simulated[i].push(run)
  }
  return judgeFaultRuns(file, simulated, { ...DEFAULT_TOLERANCE, ...file.tolerance })
}

/** The file's runs in order, on one cluster or each on a new one. */
export function simulateFault(file: FaultExperiment, seed: number): SimulatedRun[] {
  if (!isEachAnew(file)) return simulateOnOne(file, seed)
  return file.measured.flatMap((run, i) =>
    simulateOnOne({ ...file, measured: [run] }, `${seed}/run-${i}`),
  )
}

function simulateOnOne(file: FaultExperiment, seed: number | string): SimulatedRun[] {
  const scenario = clusterScenario({
    name: file.name,
    kafka: file.kafka,
    nodes: file.nodes,
    network: file.network,
    clientRegions: file.client_hosts.map((client) => client.region),
    config: file.broker_config ?? {},
    isCold: true,
  })
  const rig = new Rig(scenario, seed, file.measured[0]?.active_controller ?? undefined)
  const random = rig.simulation.world.random.fork('calibrate/age')
  rig.run(rig.now + random.int(AGE_S[0] * SECOND, AGE_S[1] * SECOND))
  const pending = file.measured.map((run, i) => simulateRun(file, rig, run, i))
  // What is lost can be told only when everything is over.
  const history = rig.simulation.close()
  return pending.map(({ partitions, faultAt, from, until }) => ({
    ...producerFigures(history, new Set(partitions), faultAt),
    log: controllerLog(rig.simulation, partitions, faultAt, from, until),
  }))
}

interface PendingRun {
  readonly partitions: readonly number[]
  readonly faultAt: Micros
  /** Lines of the controller's log count from `from` to `until`. */
  readonly from: Micros
  readonly until: Micros
}

/** The producer of one run. */
interface Sending {
  readonly name: string
  readonly start: Micros
  readonly partitions: readonly number[]
}

function producerName(i: number): string {
  return `producer-${i}`
}

function simulateRun(file: FaultExperiment, rig: Rig, real: FaultRun, i: number): PendingRun {
  const { world } = rig.simulation
  const random = world.random.fork(`calibrate/${i}`)
  const cast = castOf(file, rig, real)
  const topic = `run-${i}`
  const lists = real.replicas ?? file.topic.partitions.map(({ replicas }) => replicas)
  const replicas = lists.map((list) => list.map((word) => brokerBy(cast, word)))
  const partitions = rig.createTopic(topic, replicas, file.topic.config ?? {})
  rig.run(rig.now + random.int(QUIET_S[0] * SECOND, QUIET_S[1] * SECOND))
  const from = rig.now
  const faultAt = from + Math.round(drawSpan(file.producer.starts_before_fault_s, random) * SECOND)
  const region = regionBy(cast, real.producer_region ?? file.producer.region)
  addProducer(file, rig, topic, i, region)
  const context = stepContext(cast)
  for (const { at, step } of momentsOf(file.timeline, random, real.steps_ms)) {
    rig.run(faultAt + Math.round(at * SECOND))
    applyStep(context, step, random)
  }
  finishProducer(file, rig, { start: from, partitions, name: producerName(i) })
  for (const step of lateSteps(file.timeline)) applyStep(context, step, random)
  const end = rig.now
  const isMended = mendAll(context, random)
  rig.wait('the cluster to be whole again', () => rig.isWhole())
  rig.run(rig.now + SETTLE)
  const limit = file.figures_until_s
  // What the experimenter mends when all is over is no part of the run.
  const over = isMended ? end : rig.now
  const until = limit === undefined ? over : faultAt + limit * SECOND
  return { partitions, faultAt, from, until }
}

/** Whoever is active stays so where the run does not say. */
function castOf(file: FaultExperiment, rig: Rig, { active_controller: wanted }: FaultRun): Cast {
  if (wanted !== null) rig.moveController(wanted)
  const active = rig.simulation.cluster.activeControllerId
  const clientHosts = new Set(file.client_hosts.map(({ host }) => host))
  return { rig, active, regions: regionsOf(file), clientHosts }
}

function addProducer(
  file: FaultExperiment,
  rig: Rig,
  topic: string,
  i: number,
  region: string,
): void {
  const { producer } = file
  const host = file.client_hosts.find((client) => client.region === region)
  const zone = rig.simulation.scenario.regions.find((r) => r.name === region)?.zones[0]
  const start = rig.now
  rig.addProducer(
    {
      name: producerName(i),
      region,
      zone: zone ?? region,
      host: host?.host ?? `client-${region}`,
      topic,
      partitions: null,
      load: { kind: 'open', steps: [{ at: start, recordsPerSecond: producer.records_per_s }] },
      recordBytes: producer.record_bytes,
      keys: null,
      compressionRatio: 1,
      start,
      stop: start + producer.sends_for_s * SECOND,
    },
    { acks: String(producer.acks), ...producer.config },
  )
}

/**
 * Until every record has met its fate, or the producer's patience is over. Where the program that
 * measured closes its producer then, what it has sent and the broker has not read is lost.
 */
function finishProducer(
  file: FaultExperiment,
  rig: Rig,
  { start, partitions, name }: Sending,
): void {
  const { sends_for_s: sends, then_waits_up_to_s: waits, records_per_s: rate } = file.producer
  rig.run(Math.max(rig.now, start + sends * SECOND))
  const { produced } = rig.simulation.history
  const wanted = Math.floor(sends * rate) - 1
  const isDone = () => {
    let count = 0
    const rows = produced.column('partition')
    const counts = produced.column('count')
    for (let i = rows.length - 1; i >= 0; i--) if (partitions.includes(rows[i])) count += counts[i]
    return count >= wanted
  }
  const patience = start + (sends + waits) * SECOND
  const hasEnded = rig.simulation.advanceUntil(isDone, SECOND / 10, patience)
  const closes = file.producer.closes_when_done === true
  if (hasEnded && closes) rig.simulation.clients.managed(name).close()
}

function regionsOf(file: FaultExperiment): string[] {
  return [...new Set(file.nodes.map((node) => node.region))].sort()
}
