// One step of a timeline, done to the simulation: a signal to processes, or a cut in the network.

import type { Process } from '../../../src/sim/process.ts'
import type { Random } from '../../../src/sim/random.ts'
import { MS, SECOND } from '../../../src/sim/time.ts'
import { Cuts, type Sides } from './cuts.ts'
import type { Step } from './experiment.ts'
import { ExperimentError } from './experiment-parts.ts'
import type { Rig } from './rig.ts'
import { type Cast, hostsBy, nodesBy } from './roles.ts'
import { drawSpan } from './steps.ts'

/** What roles in a timeline refer to, and what its steps have done so far. */
export interface StepContext extends Cast {
  /** Nodes that steps have killed or terminated and none has started again. */
  readonly killed: Set<number>
  /** Processes that steps have stopped and none has let go on. */
  readonly paused: Set<Process>
  /** Nodes of the last step that named some. */
  lastNodes?: readonly number[]
  /** Sides of the last step that named hosts. */
  lastSides?: Sides
}

const TICK = 10 * MS
const PATIENCE = 60 * SECOND

/** Cuts in force, by rig: those of one run end with a step of its timeline. */
const CUTS = new WeakMap<Rig, Cuts>()

export function stepContext(cast: Cast): StepContext {
  return { ...cast, killed: new Set(), paused: new Set() }
}

export function applyStep(context: StepContext, step: Step, random: Random): void {
  switch (step.do) {
    case 'kill':
    case 'terminate':
      end(context, step)
      return
    case 'start':
      for (const { id, process } of processesOf(context, step)) {
        if (context.killed.delete(id)) waitForEnd(context, process)
        start(context, process, step, random)
      }
      return
    case 'pause':
      for (const { process } of processesOf(context, step)) {
        process.pause()
        context.paused.add(process)
      }
      return
    case 'resume':
      for (const { process } of processesOf(context, step)) {
        process.resume()
        context.paused.delete(process)
      }
      return
    case 'isolate':
    case 'cut':
      cutsOf(context.rig).cut(step.do, sidesOf(context, step))
      return
    case 'rejoin':
    case 'heal':
      cutsOf(context.rig).mend(sidesOf(context, step))
  }
}

/**
 * Undoes what the steps have left: where a timeline ends with a fault, the experimenter mends it
 * out of sight before the next run. Returns whether there was anything to undo.
 */
export function mendAll(context: StepContext, random: Random): boolean {
  const nodes = [...context.killed]
  if (nodes.length > 0) applyStep(context, { at_s: 0, do: 'start', nodes }, random)
  const paused = [...context.paused]
  for (const process of paused) process.resume()
  context.paused.clear()
  return cutsOf(context.rig).mendAll() || nodes.length + paused.length > 0
}

function end(context: StepContext, step: Step): void {
  for (const { id, process } of processesOf(context, step)) {
    if (step.do === 'kill') process.crash()
    else process.terminate()
    context.killed.add(id)
  }
}

/** One that was terminated shuts down in its own time before it can be started again. */
function waitForEnd({ rig }: StepContext, process: Process): void {
  rig.simulation.advanceUntil(() => process.state === 'stopped', TICK, rig.now + PATIENCE)
}

function start(context: StepContext, process: Process, step: Step, random: Random): void {
  const { faults } = context.rig.simulation
  const span = step.process_start_s
  const delay = span === undefined ? faults.startDelay(process) : drawSpan(span, random) * SECOND
  process.start(Math.round(delay))
}

function processesOf(context: StepContext, step: Step) {
  const ids = nodesOf(context, step)
  return ids.map((id) => {
    const process = context.rig.simulation.cluster.nodes.get(id)?.process
    if (process === undefined) throw new ExperimentError(`"${step.do}": there is no node ${id}`)
    return { id, process }
  })
}

/** By number or by role: 'killed', or 'same' as in the last step that named nodes. */
function nodesOf(context: StepContext, { nodes = [], hosts = [] }: Step): readonly number[] {
  const words = nodes.length > 0 ? nodes : hosts.map(nodesOfHost)
  const ids = words.flatMap((word) => {
    if (word === 'killed') return [...context.killed]
    if (word === 'same') return context.lastNodes ?? []
    return nodesBy(context, word)
  })
  context.lastNodes = [...new Set(ids)]
  return context.lastNodes
}

function nodesOfHost(host: string): string {
  return host === 'same' || host.includes(':') ? host : `host:${host}`
}

function sidesOf(context: StepContext, step: Step): Sides {
  const { a, b, hosts = [], nodes = [] } = step
  const isSame = [a, b, hosts].some((list) => list?.[0] === 'same') || nodes[0] === 'same'
  if (isSame && context.lastSides !== undefined) return context.lastSides
  const named = (words: readonly string[]) => words.flatMap((word) => hostsBy(context, word))
  const ofNodes = nodes.flatMap((word) => nodesBy(context, word).flatMap(hostOf(context)))
  const isPair = a !== undefined && b !== undefined
  const sides: Sides = isPair
    ? { a: new Set(named(a)), b: new Set(named(b)) }
    : { a: new Set([...named(hosts), ...ofNodes]), b: null }
  const isNamed = hosts.length + nodes.length + (a?.length ?? 0) > 0
  if (!isNamed) throw new ExperimentError(`"${step.do}" names no host`)
  context.lastSides = sides
  return sides
}

function hostOf({ rig }: StepContext) {
  return (id: number) => rig.simulation.cluster.nodes.get(id)?.process.host ?? []
}

function cutsOf(rig: Rig): Cuts {
  const known = CUTS.get(rig) ?? new Cuts(rig.simulation.world.network)
  CUTS.set(rig, known)
  return known
}
