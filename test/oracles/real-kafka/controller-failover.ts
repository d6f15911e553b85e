// Kind controller-failover: the active one of a quorum is killed, again and again.

import { SECOND } from '../../../src/sim/time.ts'
import { applyStep, mendAll, stepContext } from './apply-step.ts'
import { clusterScenario } from './cluster-scenario.ts'
import type { ControllerFailover } from './experiment.ts'
import type { NodeOf } from './experiment-parts.ts'
import { DEFAULT_TOLERANCE, type FigureKind, type FigureVerdict, judgeFigure } from './pass-rule.ts'
import { Rig } from './rig.ts'
import { drawSpan, isEachAnew, lateSteps, momentsOf } from './steps.ts'

/** From the start of the killed voter to the next kill, seconds, where `sequence` does not say. */
const QUIET_S: readonly [number, number] = [8, 10]
/** For a new leader, after the last step that has a time of its own. */
const PATIENCE = 30 * SECOND

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
  const judge = (
    figure: 'new_leader_ms' | 'elections',
    kind: FigureKind,
    simulated: readonly number[],
  ) => {
    const real = file.measured.map((run) => run[figure]).filter((v) => v !== null)
    return real.length === 0 ? [] : [judgeFigure(figure, '', kind, real, simulated, tolerance)]
  }
  return [...judge('new_leader_ms', 'time', newLeaderMs), ...judge('elections', 'count', elections)]
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
  // So that the quorum has somebody to write for; its id is one that no voter has.
  let id = 1
  while (voters.some((voter) => voter.id === id)) id++
  const broker: NodeOf = { id, region, host: 'host-broker', roles: ['broker'] }
  const scenario = clusterScenario({
    name: file.name,
    kafka: file.kafka,
    nodes: [...voters, broker],
    network: file.network,
    clientRegions: [],
    config: {},
    controllerConfig: file.controller_config,
  })
  const isAnew = isEachAnew(file)
  const rig = new Rig(scenario, seed)
  return file.measured.map((_, i) => {
    return failOver(file, isAnew && i > 0 ? new Rig(scenario, `${seed}/${i}`) : rig, i)
  })
}

/** "8 to 10 s from a start to the next kill" */
function quietOf({ sequence = '' }: ControllerFailover): readonly [number, number] {
  const [, from, to] = /(\d+) to (\d+) s from/.exec(sequence) ?? []
  return from === undefined || to === undefined ? QUIET_S : [Number(from), Number(to)]
}

function failOver(file: ControllerFailover, rig: Rig, run: number): Failover {
  const { world, cluster, history } = rig.simulation
  const random = world.random.fork(`calibrate/${run}`)
  rig.wait('an active controller', () => cluster.activeControllerId >= 0)
  const [quietMin, quietMax] = quietOf(file)
  rig.run(rig.now + random.int(quietMin * SECOND, quietMax * SECOND))
  rig.wait('an active controller', () => cluster.activeControllerId >= 0)
  const faultAt = rig.now
  const killed = cluster.activeControllerId
  const epochBefore = cluster.nodes.get(killed)?.raft?.node.epoch ?? 0
  const regions = [...new Set(file.voters.map((voter) => voter.region))].sort()
  const context = stepContext({ rig, active: killed, regions })
  for (const { at, step } of momentsOf(file.timeline, random)) {
    rig.run(faultAt + at * SECOND)
    applyStep(context, step, random)
  }
  const next = () => history.controllerChanges.find((c) => c.at > faultAt && c.controller >= 0)
  rig.simulation.advanceUntil(() => next() !== undefined, SECOND / 10, rig.now + PATIENCE)
  const after = next()
  for (const step of lateSteps(file.timeline)) applyStep(context, step, random)
  mendAll(context, random)
  rig.wait('a new active controller', () => cluster.activeControllerId >= 0)
  rig.run(rig.now + drawSpan([1, 1], random) * SECOND)
  return {
    newLeaderMs: after === undefined ? Number.NaN : (after.at - faultAt) / 1000,
    elections: (after?.epoch ?? 0) - epochBefore,
  }
}
