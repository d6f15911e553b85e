// What partitions, their replicas and the brokers that hold them come to over time.

import type { PartitionView, RunResult } from '../../contract.ts'
import { type Sample, steps } from './exposition.ts'
import { brokerLabels, clusterLabel, clusterOf, partitionLabels } from './places.ts'
import type { Figure } from './stock-names.ts'

type Figures = readonly (readonly [Figure, readonly Sample[]])[]

/** Of every partition that the result draws; sums over brokers only where it draws all of them. */
export function partitionFigures(result: RunResult): Figures {
  const { partitions, clusters } = result
  const all = clusters.flatMap(({ topics }) => topics.flatMap((topic) => topic.partitions))
  return [
    ...clusters.map(({ name, topics, atMs }): Figures[number] => [
      'topic.partitions',
      topics.map((topic) => ({
        labels: { ...clusterLabel(result, name), topic: topic.name },
        value: topic.partitions.length,
        atMs,
      })),
    ]),
    ...partitions.flatMap((view) => [...stateFigures(result, view), ...logFigures(result, view)]),
    ...(partitions.length < all.length ? [] : sums(result)),
  ]
}

/** A partition from one change of leader or in-sync set to the next. */
interface State {
  readonly atMs: number
  /** -1 for none. */
  readonly leader: number
  readonly isr: readonly number[]
  /** What the topic asks for then, at most all replicas. */
  readonly minIsr: number
}

function statesOf(view: PartitionView, endMs: number): State[] {
  const { leaders, isr, minIsr, replicas } = view
  const moments = [...leaders, ...isr].flatMap(({ fromMs, untilMs }) => [fromMs, untilMs])
  const altered = minIsr.map(({ fromMs }) => fromMs)
  const changes = [...new Set([...moments, ...altered])]
    .filter((ms) => ms < endMs)
    .sort((a, b) => a - b)
  return changes.map((atMs) => {
    const at = (spans: PartitionView['leaders']) =>
      spans.find(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs)
    const members = at(isr)?.label ?? ''
    return {
      ...{ atMs, leader: at(leaders)?.node ?? -1 },
      isr: members.split(',').filter(Boolean).map(Number),
      minIsr: Math.min(asked(view, atMs), replicas.length),
    }
  })
}

function asked({ minIsr }: PartitionView, atMs: number): number {
  return minIsr.findLast(({ fromMs }) => fromMs <= atMs)?.replicas ?? 1
}

function stateFigures(result: RunResult, view: PartitionView): Figures {
  const { endMs } = result.clock
  const { replicas } = view
  const labels = partitionLabels(result, view.partition)
  const states = statesOf(view, endMs)
  const of = (figure: Figure, read: (state: State) => number): Figures[number] => [
    figure,
    steps(
      labels,
      states.map((state) => ({ atMs: state.atMs, value: read(state) })),
      endMs,
    ),
  ]
  /** A figure of the leader's broker: without a leader nobody shows anything but zero. */
  const led = (figure: Figure, read: (state: State) => number) =>
    of(figure, (state) => (state.leader < 0 ? 0 : read(state)))
  const observers = view.tracks.filter(({ role }) => role === 'observer').map((t) => t.broker)
  return [
    of('partition.leader', ({ leader }) => leader),
    of('partition.leader-is-preferred', ({ leader }) => Number(leader === replicas[0])),
    of('partition.replicas', () => replicas.length),
    of('partition.in-sync', ({ isr }) => isr.length),
    of('partition.under-replicated', ({ isr }) => Number(isr.length < replicas.length)),
    led('led.replicas', () => replicas.length),
    led('led.in-sync', ({ isr }) => isr.length),
    led('led.under-min-isr', ({ isr, minIsr }) => Number(isr.length < minIsr)),
    led('led.at-min-isr', ({ isr, minIsr }) => Number(isr.length === minIsr)),
    ...(result.flavour === 'confluent'
      ? [
          led(
            'led.observers-in-sync',
            ({ isr }) => isr.filter((id) => observers.includes(id)).length,
          ),
        ]
      : []),
  ]
}

/** A finer grid than anybody scrapes would be lines without a reader. */
const GRID_MS = 1_000

/** Where logs begin and end, and the high watermark as the leader of the time has it. */
function logFigures(result: RunResult, view: PartitionView): Figures {
  const { startMs, stepMs, tracks, leaders } = view
  const stride = Math.max(1, Math.floor(GRID_MS / stepMs))
  const labels = partitionLabels(result, view.partition)
  const figures: Figures[number][] = []
  for (const { broker, logEnd, logStart, highWatermark } of tracks) {
    const own = { ...brokerLabels(result, broker), ...labels }
    const leads = (ms: number) =>
      leaders.some(({ node, fromMs, untilMs }) => node === broker && fromMs <= ms && ms < untilMs)
    const on = (of: typeof logEnd, given: Sample['labels'], isShown: (ms: number) => boolean) =>
      of.flatMap((value, i): Sample[] => {
        const atMs = startMs + i * stepMs
        if (i % stride !== 0 || value === null || !isShown(atMs)) return []
        return [{ labels: given, value, atMs }]
      })
    figures.push(
      ['replica.log-end', on(logEnd, own, () => true)],
      ['replica.log-start', on(logStart, own, () => true)],
      ['partition.high-watermark', on(highWatermark, labels, leads)],
      ['partition.log-start', on(logStart, labels, leads)],
    )
  }
  return figures
}

interface Change {
  readonly broker: number
  readonly atMs: number
  readonly by: number
}

function sums(result: RunResult): Figures {
  const { endMs } = result.clock
  const leads: Change[] = []
  const holds: Change[] = []
  const expands: Change[] = []
  for (const view of result.partitions) {
    const states = statesOf(view, endMs)
    const atMs = states[0]?.atMs ?? 0
    for (const broker of view.replicas) holds.push({ broker, atMs, by: 1 })
    states.forEach((state, i) => {
      const before = states[i - 1] ?? { leader: -1, isr: [] }
      if (state.leader !== before.leader) {
        if (before.leader >= 0) leads.push({ broker: before.leader, atMs: state.atMs, by: -1 })
        if (state.leader >= 0) leads.push({ broker: state.leader, atMs: state.atMs, by: 1 })
      }
      // Out of an empty set the controller elects; into any other the leader lets a follower.
      const isGrown = before.isr.length > 0 && state.isr.length > before.isr.length
      const by = Number(isGrown)
      if (state.leader >= 0) expands.push({ broker: state.leader, atMs: state.atMs, by })
    })
  }
  return [
    ['broker.leaders', byBroker(result, leads)],
    ['broker.partitions', byBroker(result, holds)],
    ['broker.isr-expands', byBroker(result, expands)],
    ['controller.preferred-imbalance', imbalance(result)],
  ]
}

/** Running sums of each broker. */
function byBroker(result: RunResult, changes: readonly Change[]): Sample[] {
  const ordered = [...changes].sort((a, b) => a.atMs - b.atMs)
  return [...new Set(ordered.map(({ broker }) => broker))].flatMap((broker) => {
    let value = 0
    const own = ordered.filter((change) => change.broker === broker)
    const points = own.map(({ atMs, by }) => {
      value += by
      return { atMs, value }
    })
    return steps(brokerLabels(result, broker), points, result.clock.endMs)
  })
}

/** Partitions of a cluster that their first replica does not lead. */
function imbalance(result: RunResult): Sample[] {
  const { partitions, clusters, clock } = result
  return clusters.flatMap(({ name }) => {
    const views = partitions.filter(({ replicas }) => clusterOf(result, replicas[0] ?? -1) === name)
    const changes = views
      .flatMap((view) => {
        const [first] = view.replicas
        const states = statesOf(view, clock.endMs)
        return states.map(({ atMs, leader }, i) => {
          const was = i > 0 && states[i - 1]?.leader !== first
          return { atMs, by: Number(leader !== first) - Number(was) }
        })
      })
      .sort((a, b) => a.atMs - b.atMs)
    let value = 0
    const points = changes.map(({ atMs, by }) => {
      value += by
      return { atMs, value }
    })
    return steps(clusterLabel(result, name), points, clock.endMs)
  })
}
