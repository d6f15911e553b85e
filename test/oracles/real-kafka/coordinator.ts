// Kind coordinator: the broker that coordinates a group is killed, later a member of the group is.

import { OFFSETS_TOPIC } from '../../../src/kafka/ids.ts'
import type { Process } from '../../../src/sim/process.ts'
import { type Micros, SECOND } from '../../../src/sim/time.ts'
import { clusterScenario } from './cluster-scenario.ts'
import type { CoordinatorExperiment } from './experiment.ts'
import { DEFAULT_TOLERANCE, type FigureVerdict, judgeFigure, type Tolerance } from './pass-rule.ts'
import { Rig } from './rig.ts'

/**
 * Not in the files but in their positions: a member's own partition stands at 2,100 37 s after the
 * kill, that of the member killed at 26 s at 1,570: 50 records a second each, from 5 s before.
 */
const RECORDS_PER_SECOND = 50
const LOAD_BEFORE: Micros = 5 * SECOND
const RECORD_BYTES = 100
/** Time for the group to form. */
const FORMING: readonly [number, number] = [4, 6]
const QUIET: readonly [number, number] = [2, 6]
const MEMBER_KILLED_DEFAULT_MS = 26_000

type RealRun = CoordinatorExperiment['measured'][number]

interface SimulatedRun {
  /** Milliseconds from the kill, by member and kind of event, in order. */
  readonly events: ReadonlyMap<string, readonly number[]>
  /** Longest pause in deliveries before the member is killed, by member. */
  readonly pauses: ReadonlyMap<string, number>
}

export function calibrateCoordinator(file: CoordinatorExperiment, seeds: number): FigureVerdict[] {
  const runs: SimulatedRun[] = []
  for (let seed = 1; seed <= seeds; seed++) runs.push(...simulate(file, seed))
  const tolerance = { ...DEFAULT_TOLERANCE, ...file.tolerance }
  const members = file.members.map(({ region }) => `member ${region}`)
  return [
    ...members.flatMap((member) => judgeEvents(member, file.measured, runs, tolerance)),
    ...members.flatMap((member) => judgePause(member, file.measured, runs, tolerance)),
  ]
}

/** The n-th event of a member and kind, in the real runs that have one. */
function judgeEvents(
  member: string,
  real: readonly RealRun[],
  runs: readonly SimulatedRun[],
  tolerance: Tolerance,
): FigureVerdict[] {
  return ['revoked', 'assigned'].flatMap((what) => {
    const times = real.map((run) => eventTimes(run, member, what))
    const most = Math.max(0, ...times.map((list) => list.length))
    return Array.from({ length: most }, (_, i) => {
      const measured = times.map((list) => list[i]).filter((at) => at !== undefined)
      const simulated = runs.map(({ events }) => events.get(`${member} ${what}`)?.[i])
      const figure = `${member} ${what}${i === 0 ? '' : ` (${i + 1})`}`
      const present = simulated.filter((at) => at !== undefined)
      return judgeFigure(figure, '', 'time', measured, present, tolerance)
    })
  })
}

/** The end of the experiment, where everything is given up at once, is no event. */
function eventTimes(run: RealRun, member: string, what: string): number[] {
  const assigned = run.events.findLast(([, who, kind]) => who === member && kind === 'assigned')
  const until = assigned?.[0] ?? Number.POSITIVE_INFINITY
  return run.events
    .filter(([at, who, kind]) => who === member && kind === what && at <= until)
    .map(([at]) => at)
}

function judgePause(
  member: string,
  real: readonly RealRun[],
  runs: readonly SimulatedRun[],
  tolerance: Tolerance,
): FigureVerdict[] {
  const measured = real.flatMap((run) =>
    run.delivery_pauses.filter(({ who }) => who === member).map((one) => one.longest_pause_ms),
  )
  if (measured.length === 0) return []
  const simulated = runs.map(({ pauses }) => pauses.get(member) ?? Number.NaN)
  return [judgeFigure(`${member} longest pause`, '', 'gap', measured, simulated, tolerance)]
}

// ---- simulation ---------------------------------------------------------------------------------

function simulate(file: CoordinatorExperiment, seed: number): SimulatedRun[] {
  const scenario = clusterScenario({
    name: file.name,
    kafka: file.kafka,
    nodes: file.nodes,
    network: file.network,
    clientRegions: file.members.map(({ region }) => region),
    config: file.broker_config ?? {},
    isCold: true,
  })
  const rig = new Rig(scenario, seed)
  const brokers = file.nodes.filter(({ roles }) => roles.includes('broker')).map(({ id }) => id)
  const first = file.measured[0]?.coordinator ?? brokers[0]
  const replicas = startingWith(first, brokers).slice(0, file.offsets_topic.replication_factor)
  rig.createTopic(OFFSETS_TOPIC, Array(file.offsets_topic.partitions).fill(replicas), {
    'retention.ms': -1,
  })
  return file.measured.map((real, i) => simulateRun(file, rig, real, i))
}

function startingWith(first: number, all: readonly number[]): number[] {
  const at = Math.max(0, all.indexOf(first))
  return [...all.slice(at), ...all.slice(0, at)]
}

function simulateRun(
  file: CoordinatorExperiment,
  rig: Rig,
  real: RealRun,
  run: number,
): SimulatedRun {
  const { world, cluster, faults } = rig.simulation
  const random = world.random.fork(`calibrate/${run}`)
  const between = ([from, to]: readonly [number, number]) => random.int(from * SECOND, to * SECOND)
  const topic = `t${run}`
  const brokers = file.nodes.filter(({ roles }) => roles.includes('broker')).map(({ id }) => id)
  const lists = real.data_leaders.map((leader) => startingWith(leader, brokers))
  rig.createTopic(topic, lists, file.topic.config ?? {})
  rig.run(rig.now + between(QUIET))
  const members = addMembers(file, rig, topic, run)
  rig.run(rig.now + between(FORMING))
  addProducer(file, rig, topic, run)
  rig.run(rig.now + LOAD_BEFORE)
  const faultAt = rig.now
  const coordinator = leaderOfOffsets(rig)
  cluster.nodes.get(coordinator)?.process.crash()
  const killed = memberKilled(file, real)
  const memberKilledAt = faultAt + killed.atMs * 1_000
  rig.run(memberKilledAt)
  const pauses = longestPauses(file, rig, run, faultAt)
  members[killed.member]?.process.crash()
  rig.run(memberKilledAt + 25 * SECOND)
  const events = eventsOf(file, rig, run, faultAt)
  for (const { process } of members) process.crash()
  const process = cluster.nodes.get(coordinator)?.process
  if (process !== undefined) process.start(faults.startDelay(process))
  rig.wait('the cluster to be whole again', () => rig.isWhole())
  return { events, pauses }
}

/** "member_r3_killed_at_ms": the member of that region; where no run says, the file's last. */
function memberKilled({ members }: CoordinatorExperiment, real: RealRun) {
  for (const [name, atMs] of Object.entries(real)) {
    const region = /^member_(\w+)_killed_at_ms$/.exec(name)?.[1]
    const member = members.findIndex((one) => one.region === region)
    if (member >= 0) return { member, atMs: Number(atMs) }
  }
  return { member: members.length - 1, atMs: MEMBER_KILLED_DEFAULT_MS }
}

function leaderOfOffsets(rig: Rig): number {
  const { cluster } = rig.simulation
  const index = cluster.topics.indexOf(OFFSETS_TOPIC, 0)
  return index === null ? -1 : (cluster.registrationOf(index)?.leader ?? -1)
}

function placeIn(rig: Rig, region: string) {
  const zone = rig.simulation.scenario.regions.find(({ name }) => name === region)?.zones[0]
  return { region, zone: zone ?? region }
}

function addProducer(file: CoordinatorExperiment, rig: Rig, topic: string, run: number): void {
  const start = rig.now
  const region = file.members[0]?.region ?? ''
  const partitions = file.topic.partitions.map((_, number) => number)
  const recordsPerSecond = RECORDS_PER_SECOND * partitions.length
  rig.addProducer(
    {
      name: `producer-${run}`,
      ...placeIn(rig, region),
      host: `client-${region}`,
      topic,
      partitions,
      load: { kind: 'open', steps: [{ at: start, recordsPerSecond }] },
      recordBytes: RECORD_BYTES,
      keys: null,
      compressionRatio: 1,
      start,
      stop: start + 70 * SECOND,
    },
    { acks: 'all' },
  )
}

interface Member {
  readonly process: Process
}

function addMembers(file: CoordinatorExperiment, rig: Rig, topic: string, run: number): Member[] {
  return file.members.map(({ region }) => {
    const process = rig.addConsumer(
      {
        name: memberName(region, run),
        ...placeIn(rig, region),
        host: `member-${region}`,
        topic,
        partitions: null,
        processTime: 0,
        processTimePerRecord: 0,
        commit: { every: file.commit_every_ms * 1_000, sync: false },
        start: rig.now,
        stop: null,
      },
      { 'auto.offset.reset': 'earliest', ...file.consumer_config, 'group.id': `group-${run}` },
    )
    return { process }
  })
}

function memberName(region: string, run: number): string {
  return `member-${region}-${run}`
}

function eventsOf(file: CoordinatorExperiment, rig: Rig, run: number, faultAt: Micros) {
  const events = new Map<string, number[]>()
  for (const { region } of file.members) {
    const actor = `consumer ${memberName(region, run)}`
    for (const event of rig.simulation.history.events) {
      if (event.actor !== actor || event.at <= faultAt) continue
      const kind = event.kind === 'lost' ? 'revoked' : event.kind
      const key = `member ${region} ${kind}`
      const list = events.get(key) ?? []
      events.set(key, [...list, (event.at - faultAt) / 1_000])
    }
  }
  return events
}

function longestPauses(file: CoordinatorExperiment, rig: Rig, run: number, faultAt: Micros) {
  const { history } = rig.simulation
  const pauses = new Map<string, number>()
  for (const { region } of file.members) {
    const id = history.consumers.find(({ name }) => name === memberName(region, run))?.id
    let last = 0
    let longest = 0
    for (const row of history.delivered) {
      if (row.consumer !== id || row.at < faultAt - SECOND) continue
      if (last > 0) longest = Math.max(longest, row.at - last)
      last = row.at
    }
    pauses.set(`member ${region}`, longest / 1_000)
  }
  return pauses
}
