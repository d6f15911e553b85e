// One step of a timeline, done to the simulation: a signal to processes, or a cut in the network.

import type { Host } from '../../../src/sim/host.ts'
import type { Process } from '../../../src/sim/process.ts'
import type { Random } from '../../../src/sim/random.ts'
import { SECOND } from '../../../src/sim/time.ts'
import type { Step } from './experiment.ts'
import type { Rig } from './rig.ts'
import { drawSpan } from './steps.ts'

/** What roles in a timeline refer to. */
export interface StepContext {
  readonly rig: Rig
  /** Active controller at the time of the fault. */
  readonly active: number
  /** Nodes that the steps before killed. */
  killed: number[]
  /** Every region in order: r1, r2, … */
  readonly regions: readonly string[]
  /** Hosts that the last cut took, by the words that named them. */
  same?: readonly string[]
}

/** Rules in force by what they cut, so that a later step can take them back. */
const RULES = new WeakMap<Rig, Map<string, () => void>>()

export function applyStep(context: StepContext, step: Step, random: Random): void {
  const { rig } = context
  switch (step.do) {
    case 'kill':
      for (const process of processesOf(context, step)) process.crash()
      context.killed = nodesOf(context, step.nodes ?? [])
      return
    case 'terminate':
      for (const process of processesOf(context, step)) process.terminate()
      context.killed = nodesOf(context, step.nodes ?? [])
      return
    case 'start':
      for (const process of processesOf(context, step)) start(context, process, step, random)
      return
    case 'pause':
      for (const process of processesOf(context, step)) process.pause()
      return
    case 'resume':
      for (const process of processesOf(context, step)) process.resume()
      return
    case 'isolate':
    case 'cut':
      cut(rig, step.do, sides(context, step))
      return
    case 'rejoin':
    case 'heal':
      mend(rig, step.do === 'rejoin' ? 'isolate' : 'cut', sides(context, step))
  }
}

function start(context: StepContext, process: Process, step: Step, random: Random): void {
  const { faults } = context.rig.simulation
  const span = step.process_start_s
  const delay = span === undefined ? faults.startDelay(process) : drawSpan(span, random) * SECOND
  process.start(Math.round(delay))
}

function processesOf(context: StepContext, step: Step): Process[] {
  const { cluster } = context.rig.simulation
  return nodesOf(context, step.nodes ?? []).flatMap((id) => {
    const node = cluster.nodes.get(id)
    return node === undefined ? [] : [node.process]
  })
}

function nodesOf(context: StepContext, names: readonly (number | string)[]): number[] {
  return names.flatMap((name) => (typeof name === 'number' ? [name] : nodesByRole(context, name)))
}

function nodesByRole(context: StepContext, role: string): number[] {
  const { cluster } = context.rig.simulation
  if (role === 'killed' || role === 'same') return context.killed
  if (role === 'active-controller') return [context.active]
  const [what, place] = role.split(':')
  const region = regionOf(context, place ?? '')
  const nodes = [...cluster.nodes.values()].filter(
    (node) => node.process.host.zone.region.name === region,
  )
  const isBroker = what === 'broker'
  return nodes
    .filter((node) => node.config.roles.includes(isBroker ? 'broker' : 'controller'))
    .map((node) => node.id)
}

/** 'active-controller', 'active-controller-region', 'next-region', 'third-region', or a name. */
function regionOf(context: StepContext, place: string): string {
  const { cluster } = context.rig.simulation
  const home = cluster.nodes.get(context.active)?.process.host.zone.region.name ?? ''
  const after = (n: number) => {
    const i = context.regions.indexOf(home)
    return context.regions[(i + n) % context.regions.length] ?? home
  }
  switch (place) {
    case 'active-controller':
    case 'active-controller-region':
      return home
    case 'next-region':
      return after(1)
    case 'third-region':
      return after(2)
    default:
      return place
  }
}

function hostsOf(context: StepContext, names: readonly string[]): Host[] {
  const { world, cluster } = context.rig.simulation
  return names.flatMap((name) => {
    const known = world.hosts.get(name)
    if (known !== undefined) return [known]
    const [what, place] = name.split(':')
    if (what === 'host' && place === 'active-controller') {
      const host = cluster.nodes.get(context.active)?.process.host
      return host === undefined ? [] : [host]
    }
    const region = what === 'region' ? regionOf(context, place ?? '') : null
    return [...world.hosts.values()].filter((host) => host.zone.region.name === region)
  })
}

interface Sides {
  readonly key: string
  readonly a: readonly Host[]
  /** null: everybody else. */
  readonly b: readonly Host[] | null
}

function sides(context: StepContext, step: Step): Sides {
  if (step.a !== undefined && step.b !== undefined) {
    const key = [...step.a, '|', ...step.b].join(' ')
    return { key, a: hostsOf(context, step.a), b: hostsOf(context, step.b) }
  }
  const names = step.hosts ?? []
  const resolved = names[0] === 'same' ? (context.same ?? []) : names
  context.same = resolved
  return { key: resolved.join(' '), a: hostsOf(context, resolved), b: null }
}

function cut(rig: Rig, kind: string, { key, a, b }: Sides): void {
  const inside = new Set(a)
  const outside = b === null ? null : new Set(b)
  const isOther = (host: Host) => (outside === null ? !inside.has(host) : outside.has(host))
  const undo = rig.simulation.world.network.addRule({
    name: kind,
    test: (from, to) =>
      (inside.has(from) && isOther(to)) || (inside.has(to) && isOther(from)) ? 'drop' : 'pass',
  })
  rulesOf(rig).set(`${kind} ${key}`, undo)
}

function mend(rig: Rig, kind: string, { key }: Sides): void {
  const rules = rulesOf(rig)
  rules.get(`${kind} ${key}`)?.()
  rules.delete(`${kind} ${key}`)
}

function rulesOf(rig: Rig): Map<string, () => void> {
  const known = RULES.get(rig) ?? new Map<string, () => void>()
  RULES.set(rig, known)
  return known
}
