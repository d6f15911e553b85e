// The map: regions with their brokers, and the round trips between them, at one moment of the run.

import type { FaultBand, PartitionView, RunResult, Span, Topology } from '../src/contract.ts'
import { el, svg } from './dom.ts'
import { duration } from './format.ts'
import { copyLines } from './links.ts'

const BOX_WIDTH = 224
const GAP = 48
const MARGIN = 32
/** Below this width lines between boxes have no room: the round trips become a list. */
const WIDE = 620
/** A map that is taller pushes the timeline off the first screen. */
const HEIGHT_MAX = 460

type Region = Topology['regions'][number]
type Broker = Topology['brokers'][number]

/** Draws the map of `result` at a moment; `partition` decides who is leader or in sync. */
export function drawMap(
  result: RunResult,
  partition: PartitionView | undefined,
  ms: number,
  pixels: number,
): HTMLElement {
  const active = result.faults.filter((fault) => fault.fromMs <= ms && ms < fault.untilMs)
  const regions = result.topology.regions
  const boxes = regions.map((region) => regionBox(result, region, partition, active, ms))
  const copies = copyLines(result, ms)
  const tall = Math.max(...regions.map((region) => heightOf(result, region)))
  const height = regions.length > 2 ? 2 * tall + GAP + 32 : tall + 2 * MARGIN
  if (pixels < WIDE || regions.length > 4 || height > HEIGHT_MAX) {
    const trips = roundTrips(result.topology, active)
    return el('div', {}, el('div', { class: 'map listed' }, ...boxes, trips), ...copies)
  }
  const places = boxes.map((box, index) => {
    const [x, y] = place(index, regions.length, pixels, height, tall)
    box.style.left = `${x - BOX_WIDTH / 2}px`
    box.style.top = `${y - tall / 2}px`
    return [x, y] as const
  })
  const lines = result.topology.links.flatMap((link) => {
    const from = places[regions.findIndex((region) => region.name === link.a)]
    const to = places[regions.findIndex((region) => region.name === link.b)]
    if (from === undefined || to === undefined) return []
    return linkLine(from, to, link.rttMs, isCut(result.topology, active, link))
  })
  const drawing = svg('svg', { width: pixels, height, 'aria-hidden': true }, ...lines)
  const map = el('div', { class: 'map placed', style: `height:${height}px` }, drawing, ...boxes)
  return el('div', {}, map, ...copies)
}

/** Centre of a region's box: one in the middle, two side by side, three as a triangle, four. */
function place(
  index: number,
  regions: number,
  pixels: number,
  height: number,
  tall: number,
): readonly [number, number] {
  const [left, right] = [pixels * 0.24, pixels * 0.76]
  const [top, bottom] = [16 + tall / 2, height - 16 - tall / 2]
  if (regions === 1) return [pixels / 2, height / 2]
  if (regions === 2) return [index === 0 ? left : right, height / 2]
  if (regions === 3 && index === 2) return [pixels / 2, bottom]
  return [index % 2 === 0 ? left : right, index < 2 ? top : bottom]
}

/** About how tall a region's box is, from what it holds. */
function heightOf(result: RunResult, region: Region): number {
  const nodes = brokersOf(result, region.name)
  const brokers = nodes.filter((node) => node.roles.includes('broker')).length
  // Two to a row; the first voter may stand beside the last broker.
  const voters = Math.ceil((nodes.length - brokers - (brokers % 2)) / 2) * 30
  const lines = applicationsOf(result, region.name).length
  const clients = lines === 0 ? 0 : 8 + lines * 16
  return 68 + Math.ceil(brokers / 2) * 50 + voters + clients
}

/** A region's producers in a line, and whoever else talks to a cluster in another. */
function applicationsOf({ topology }: RunResult, region: string): string[] {
  const clients = topology.clients.filter((client) => client.region === region)
  const kinds = [
    clients.filter(({ kind }) => kind === 'producer'),
    clients.filter(({ kind }) => kind !== 'producer'),
  ]
  return kinds
    .filter((some) => some.length > 0)
    .map((some) => some.map(({ kind, text }) => `${kind} ${text}`).join(' · '))
}

function brokersOf(result: RunResult, region: string): Broker[] {
  return result.topology.brokers.filter((broker) => broker.region === region)
}

function linkLine(
  from: readonly [number, number],
  to: readonly [number, number],
  rttMs: number,
  cut: boolean,
): SVGElement[] {
  // The two diagonals of a square cross in its middle: their labels keep clear of it.
  const share = from[1] !== to[1] && Math.abs(from[0] - to[0]) > 300 ? 0.36 : 0.5
  const [x, y] = [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]
  const text = `${cut ? '✂ ' : ''}${duration(rttMs)} RTT`
  const half = text.length * 3.4 + 10
  const kind = cut ? 'link cut' : 'link'
  return [
    svg('line', { x1: from[0], y1: from[1], x2: to[0], y2: to[1], class: kind }),
    svg('rect', { x: x - half, y: y - 11, width: 2 * half, height: 22, rx: 11, class: kind }),
    svg('text', { x, y: y + 4, class: kind }, text),
  ]
}

function roundTrips(topology: Topology, active: readonly FaultBand[]): HTMLElement {
  const items = topology.links.map((link) => {
    const cut = isCut(topology, active, link)
    const text = `${link.a} ↔ ${link.b}: ${cut ? '✂ cut, ' : ''}${duration(link.rttMs)} RTT`
    return el('li', { class: cut ? 'cut' : '' }, text)
  })
  return el('ul', { class: 'round-trips' }, ...items)
}

function regionBox(
  result: RunResult,
  region: Region,
  partition: PartitionView | undefined,
  active: readonly FaultBand[],
  ms: number,
): HTMLElement {
  const brokers = brokersOf(result, region.name)
  const voters = brokers.filter((broker) => broker.roles.includes('controller')).length
  const lost = active.find((fault) => isLost(result.topology, fault, region.name))
  const serving = brokers.filter((broker) => broker.roles.includes('broker')).length
  const nodes = [number(serving, 'broker'), number(voters, 'voter')]
  const sizes = brokers.length === 0 ? ['clients only'] : nodes
  const cloud = region.cloud === null ? [] : [region.cloud.split(':')[0] ?? '']
  const place = [...cloud, ...clusterNames(result, brokers), ...sizes].join(' · ')
  const chips = brokers.map((broker) => {
    const down = lost !== undefined || active.some((fault) => takesDown(fault, broker))
    return brokerChip(broker, roleOf(broker.id, partition, ms), controls(result, broker, ms), down)
  })
  const applications = applicationsOf(result, region.name).map((line) =>
    el('p', { class: 'application', title: line }, line),
  )
  return el(
    'div',
    { class: lost === undefined ? 'region' : 'region lost' },
    el('h3', {}, region.name),
    ...(lost === undefined ? [] : [el('span', { class: 'pill' }, `lost ${duration(lost.fromMs)}`)]),
    el('p', { class: 'muted' }, place),
    el('div', { class: 'brokers' }, ...chips),
    ...applications,
  )
}

/** The clusters of a region's nodes, where the run has several. */
function clusterNames(result: RunResult, nodes: readonly Broker[]): string[] {
  if (result.clusters.length < 2) return []
  return [...new Set(nodes.map((node) => node.cluster))].map((name) => `cluster ${name}`)
}

function number(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** A sign beside the word, so that neither colour nor shape is alone. */
const SIGNS: Readonly<Record<string, string>> = { leader: '● L', 'in sync': '●', offline: '×' }

type Role = 'leader' | 'in sync' | 'out of sync' | 'observer' | 'no replica'

function brokerChip(broker: Broker, role: Role, controls: boolean, down: boolean): HTMLElement {
  const state = down ? 'offline' : role
  const sign = el('i', { 'aria-hidden': true }, `${SIGNS[state] ?? '○'} `)
  const crown = controls && !down ? [el('span', { class: 'pill ctrl' }, 'ctrl')] : []
  if (!broker.roles.includes('broker')) {
    const kind = down ? 'voter offline' : 'voter'
    return el('div', { class: kind }, down ? sign : '', `voter ${broker.id}`, ...crown)
  }
  const name = el('b', {}, `broker ${broker.id}`)
  const words = el('span', {}, sign, state)
  return el('div', { class: `broker ${state.replaceAll(' ', '-')}` }, name, words, ...crown)
}

function roleOf(id: number, partition: PartitionView | undefined, ms: number): Role {
  if (partition === undefined || !partition.replicas.includes(id)) return 'no replica'
  if (spanAt(partition.leaders, ms)?.node === id) return 'leader'
  const isr = spanAt(partition.isr, ms)?.label.match(/\d+/g)?.map(Number) ?? []
  if (isr.includes(id)) return 'in sync'
  const track = partition.tracks.find((each) => each.broker === id)
  return track?.role === 'observer' ? 'observer' : 'out of sync'
}

function controls(result: RunResult, broker: Broker, ms: number): boolean {
  return spanAt(result.controllers, ms)?.node === broker.id
}

function spanAt(spans: readonly Span[], ms: number): Span | undefined {
  return spans.find((span) => span.fromMs <= ms && ms < span.untilMs)
}

type Link = Topology['links'][number]

function isCut(topology: Topology, active: readonly FaultBand[], { a, b }: Link): boolean {
  return active.some((fault) => {
    if (isLost(topology, fault, a) || isLost(topology, fault, b)) return true
    return CUTS.includes(fault.kind) && names(fault, a) && names(fault, b)
  })
}

const LOSSES = ['region-loss', 'zone-loss', 'host-loss']
const STOPS = ['crash', 'controlled-shutdown', 'restart', 'rolling-restart', ...LOSSES]
const CUTS = ['partition', 'flapping', 'isolate']

/** Whether a fault takes a whole region: by its name, or every node of it. */
function isLost(topology: Topology, fault: FaultBand, region: string): boolean {
  if (!LOSSES.includes(fault.kind)) return false
  const nodes = topology.brokers.filter((broker) => broker.region === region)
  if (names(fault, region)) return true
  return nodes.length > 0 && nodes.every((node) => takesDown(fault, node))
}

function takesDown(fault: FaultBand, { id }: Broker): boolean {
  if (!STOPS.includes(fault.kind)) return false
  return ['broker', 'controller', 'node'].some((role) => names(fault, `${role}-${id}`))
}

/** Whether a fault's target speaks of this region or process, as a whole word. */
function names(fault: FaultBand, name: string): boolean {
  return fault.target.split(/[^\w-]+/).includes(name)
}
