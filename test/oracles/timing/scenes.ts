// The scenes in which the bounded times are seen. Each plays once with a seed.

import { MS } from '../../../src/sim/time.ts'
import type { Observed } from './bound.ts'
import { LONG_RTT } from './bounds.ts'
import { Stage } from './stage.ts'

export type Scene = (seed: number) => Observed

/** The leader's machine goes dark while the active controller lives. */
function leaderDies(seed: number): Observed {
  const stage = new Stage('leader-dies', seed)
  stage.load('all', 50)
  stage.disturb(() => stage.host(stage.leader).powerLoss())
  stage.runS(11)
  return known({ 'broker-fenced': stage.fencedAfter(stage.leader) })
}

/** Decisions follow one another closely, so that some find the linger of another one open. */
function decision(seed: number): Observed {
  const config = { 'metadata.max.idle.interval.ms': 26 }
  const stage = new Stage('decision', seed, { config })
  const commits = commitDelays(stage)
  stage.rig.createTopic('u', [[stage.leader, stage.follower, stage.home]], {})
  return known({ 'metadata-commit': commits[0] })
}

/** A follower's machine goes dark: acks=all waits until the controller has fenced it. */
function followerDies(seed: number): Observed {
  const stage = new Stage('follower-dies', seed)
  stage.load('all', 50)
  stage.disturb(() => stage.host(stage.follower).powerLoss())
  stage.runS(13)
  return known({ 'stall-on-dead-member': stage.firstAckAfterGap() })
}

/** The leader's process is killed: resets make its clients look for the next leader at once. */
function leaderKilled(seed: number): Observed {
  const stage = new Stage('leader-killed', seed)
  stage.load('all', 50)
  stage.disturb(() => stage.rig.simulation.cluster.nodes.get(stage.leader)?.process.crash())
  stage.runS(13)
  const fenced = stage.fencedAfter(stage.leader)
  const acked = stage.firstAckAfterGap()
  if (fenced === undefined || acked === undefined) return {}
  return { 'clients-after-fence': acked - fenced, 'leader-failover': acked }
}

/** The active controller's region goes dark, and broker 1 with it. */
function controllerRegionDies(seed: number): Observed {
  const stage = new Stage('controller-region-dies', seed, { failoversBefore: seed % 4 })
  stage.disturb(() => {
    stage.host(stage.active).powerLoss()
    stage.host(stage.home).powerLoss()
  })
  const epoch = epochOf(stage)
  stage.runS(25)
  const { controllerChanges } = stage.rig.simulation.history
  const next = controllerChanges.find((row) => row.at > stage.begin && row.controller >= 0)
  const fenced = stage.fencedAfter(stage.home)
  if (next === undefined || fenced === undefined) return {}
  const active = stage.since(next.at)
  const session = { 'session-after-failover': fenced - active }
  switch (next.epoch - epoch) {
    case 1:
      return { ...session, 'first-election': active, 'fence-with-controller': fenced }
    case 2:
      return { ...session, 'second-election': active }
    default:
      return session
  }
}

/** The active controller is cut off from everybody. */
function controllerIsolated(seed: number): Observed {
  const stage = new Stage('controller-isolated', seed)
  let resigned: number | undefined
  const raft = stage.rig.simulation.cluster.nodes.get(stage.active)?.raft
  if (raft === null || raft === undefined) throw new Error('the active controller runs')
  raft.node.observer = {
    onTransition: (_, state) => {
      if (state.name === 'Resigned') resigned ??= stage.since(stage.rig.now)
    },
  }
  stage.disturb(() => stage.cut([stage.active], null))
  stage.runS(5)
  return known({ 'isolated-leader-resigns': resigned })
}

/** A follower lives, but its leader hears nothing of it. */
function followerCutOff(seed: number): Observed {
  const stage = new Stage('follower-cut-off', seed)
  stage.load('all', 20)
  stage.disturb(() => stage.cut([stage.follower], [stage.leader]))
  stage.runS(48)
  const { partitionChanges } = stage.rig.simulation.history
  const shrunk = partitionChanges.find(
    (row) => row.at > stage.begin && !row.isr.includes(stage.follower),
  )
  return known({
    'lagging-follower-leaves': shrunk && stage.since(shrunk.at),
    'stall-on-cut-off-member': stage.firstAckAfterGap(),
  })
}

/** Two records some time apart: a follower hears of the first commit with its next fetch. */
function sparseTraffic(seed: number): Observed {
  const stage = new Stage('sparse-traffic', seed)
  const gap = stage.draw(20, 700)
  stage.load('all', 1_000 / gap)
  const { cluster } = stage.rig.simulation
  const end = (broker: number) => cluster.nodes.get(broker)?.brokerStore.logs.get(0)
  const committed = () => end(stage.leader)?.highWatermark ?? 0
  const wanted = committed() + 1
  while (committed() < wanted) stage.rig.run(stage.rig.now + MS / 10)
  stage.disturb(() => {})
  while ((end(stage.follower)?.highWatermark ?? 0) < wanted) stage.rig.run(stage.rig.now + MS / 10)
  return { 'follower-high-watermark': stage.since(stage.rig.now) }
}

/** The client is cut off from its leader with a request in flight. */
function requestInFlight(seed: number): Observed {
  const stage = new Stage('request-in-flight', seed, { rttMs: LONG_RTT })
  stage.load('all', 'one at a time')
  stage.disturb(() => stage.cut([stage.leader], null))
  stage.runS(32)
  const { clientErrors } = stage.rig.simulation.history
  for (const row of clientErrors) {
    if (row.at > stage.begin) return { 'request-in-flight': stage.since(row.at) }
  }
  return {}
}

/** SIGTERM to the leader. */
function controlledShutdown(seed: number): Observed {
  const stage = new Stage('controlled-shutdown', seed)
  stage.load('all', 50)
  const { cluster, history } = stage.rig.simulation
  const { process } = cluster.nodes.get(stage.leader) ?? { process: null }
  stage.disturb(() => process?.terminate())
  while (process?.state === 'running' && stage.since(stage.rig.now) < 10_000) {
    stage.rig.run(stage.rig.now + MS)
  }
  const moved = history.partitionChanges.find(
    (row) => row.at > stage.begin && row.leader !== stage.leader,
  )
  return known({
    'shutdown-leader-moves': moved && stage.since(moved.at),
    'shutdown-ends': stage.since(stage.rig.now),
  })
}

/** How long the decisions from now on take to be committed, ms. */
function commitDelays(stage: Stage): number[] {
  const { control, clock } = stage.rig.simulation
  const delays: number[] = []
  const seen = control.log.length
  const onCommit = control.onCommit.bind(control)
  let counted = seen
  control.onCommit = (store, to) => {
    onCommit(store, to)
    for (; counted < control.log.length; counted++) {
      delays.push((clock.now() - control.log[counted].at) / MS)
    }
  }
  return delays
}

function epochOf(stage: Stage): number {
  return stage.rig.simulation.cluster.nodes.get(stage.active)?.raft?.node.epoch ?? 0
}

function known(values: Readonly<Record<string, number | undefined>>): Observed {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Observed
}

export const SCENES: Readonly<Record<string, Scene>> = {
  'leader-dies': leaderDies,
  'leader-killed': leaderKilled,
  decision,
  'follower-dies': followerDies,
  'controller-region-dies': controllerRegionDies,
  'controller-isolated': controllerIsolated,
  'follower-cut-off': followerCutOff,
  'sparse-traffic': sparseTraffic,
  'request-in-flight': requestInFlight,
  'controlled-shutdown': controlledShutdown,
}
