// Kind controller-failover: the active one of a quorum is killed, again and again.

import { SECOND } from '../../../src/sim/time.ts'
import { applyStep, type StepContext } from './apply-step.ts'
import { clusterScenario } from './cluster-scenario.ts'
import type { ControllerFailover } from './experiment.ts'
import type { NodeOf } from './experiment-parts.ts'
import { DEFAULT_TOLERANCE, type FigureVerdict, judgeFigure } from './pass-rule.ts'
import { Rig } from './rig.ts'
import { drawSpan, momentsOf } from './steps.ts'

/** From the start of the killed voter to the next kill, seconds; the files' own `sequence`. */
const QUIET_S: readonly [number, number] = [8, 10]
/** A broker's id, so that the quorum has somebody to write for. */
const BROKER_ID = 1

export function calibrateControllerFailover(
  file: ControllerFailover,
  seeds: number,
): FigureVerdict[] {
  const newLeaderMs: number[] = []
  const elections: number[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    for (const run of simulate(file, seed)) {
      newLeaderMs.push(run.newLeaderMs)
      elections.push(run.elections)
    }
  }
  const tolerance = { ...DEFAULT_TOLERANCE, ...file.tolerance }
  const real = (pick: 'new_leader_ms' | 'elections') => file.measured.map((run) => run[pick])
  return [
    judgeFigure('new_leader_ms', '', 'time', real('new_leader_ms'), newLeaderMs, tolerance),
    judgeFigure('elections', '', 'count', real('elections'), elections, tolerance),
  ]
}

interface Failover {
  readonly newLeaderMs: number
  readonly elections: number
}

function simulate(file: ControllerFailover, seed: number): Failover[] {
  const voters: NodeOf[] = file.voters.map(({ id, region }) => ({
    id,
    region,
    host: `host-${id}`,
    roles: ['controller'],
  }))
  const region = file.voters[0].region
  const broker: NodeOf = { id: BROKER_ID, region, host: 'host-broker', roles: ['broker'] }
  const scenario = clusterScenario({
    name: file.name,
    kafka: file.kafka,
    nodes: [...voters, broker],
    network: file.network,
    clientRegions: [],
    config: {},
    controllerConfig: file.controller_config,
  })
  const rig = new Rig(scenario, seed)
  return file.measured.map((_, i) => failOver(file, rig, i))
}

function failOver(file: ControllerFailover, rig: Rig, run: number): Failover {
  const { world, cluster, history, clock } = rig.simulation
  const random = world.random.fork(`calibrate/${run}`)
  rig.wait('an active controller', () => cluster.activeControllerId >= 0)
  rig.run(rig.now + random.int(QUIET_S[0] * SECOND, QUIET_S[1] * SECOND))
  const faultAt = rig.now
  const killed = cluster.activeControllerId
  const epochBefore = cluster.nodes.get(killed)?.raft?.node.epoch ?? 0
  const context: StepContext = { rig, active: killed, killed: [], regions: [] }
  for (const { at, step } of momentsOf(file.timeline, random)) {
    rig.run(faultAt + at * SECOND)
    applyStep(context, step, random)
  }
  const after = history.controllerChanges.find((c) => c.at > faultAt && c.controller >= 0)
  void clock
  rig.wait('a new active controller', () => cluster.activeControllerId >= 0)
  rig.run(rig.now + drawSpan([1, 1], random) * SECOND)
  return {
    newLeaderMs: after === undefined ? Number.NaN : (after.at - faultAt) / 1000,
    elections: (after?.epoch ?? 0) - epochBefore,
  }
}
