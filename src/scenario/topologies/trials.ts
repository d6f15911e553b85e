// The faults of an experiment matrix: the same trial for every pattern and system, so that what
// they write down can be compared. A pattern's own first fault is one of them, or like one.

import { brownOut, cut, destroyed, FAULT_AT, MOVED_AT, outage, TOPIC } from './parts.ts'
import type { Design, FaultInput, Place, Plan } from './topology.ts'

/** A fault by name, in the place of the pattern's own. */
export interface Trial {
  readonly name: string
  readonly why: string
  /** Applications move, as the pattern has them do when it loses its first region. */
  readonly moves?: true
  /** Of a run that shows how it ends, where that takes longer than a pattern's own fault. */
  readonly duration?: string
  /** Through what the regions meet, where the fault strikes that. */
  readonly overlay?: Design['overlay']
  /** null: there is nothing in such a design that this could strike. */
  faults(plan: Plan, design: Design): readonly FaultInput[] | null
}

const LENGTH = '30s'
const SLOW_DISK_FACTOR = 20

const between = (plan: Plan, fault: (pair: readonly [Place, Place]) => FaultInput) => {
  const [other] = plan.others
  return other === undefined ? null : [fault([plan.first, other])]
}

export const TRIALS: readonly Trial[] = [
  { name: 'none', why: 'Nothing happens: what it costs to be prepared.', faults: () => [] },
  {
    name: 'region-kill',
    why: 'The first region is lost with its disks, and does not return.',
    moves: true,
    faults: ({ first }, { faults }) => {
      return [destroyed(first, FAULT_AT), ...faults.entries.slice(1).map(({ item }) => item)]
    },
  },
  {
    name: 'cut',
    why: 'The first two regions do not hear one another for a while; both live.',
    faults: (plan) => between(plan, (pair) => cut(pair, FAULT_AT, LENGTH)),
  },
  {
    name: 'one-way-cut',
    why: 'What the first region sends to the second is lost for a while; the way back is open.',
    faults: (plan) =>
      between(plan, ([a, b]) => {
        const sides = [`region ${a.name}`, `region ${b.name}`]
        return { at: FAULT_AT, partition: { between: sides, direction: 'forward' }, for: LENGTH }
      }),
  },
  {
    name: 'brown-out',
    why: 'The way between the first two regions gets slow and lossy, and nothing is down.',
    faults: (plan) => between(plan, (pair) => brownOut(pair, FAULT_AT).fault),
  },
  {
    name: 'loss-bursts',
    why: 'The way between the first two regions loses a third of its packets, again and again.',
    faults: (plan) =>
      between(plan, ([a, b]) => {
        const sides = [`region ${a.name}`, `region ${b.name}`]
        const lossy = { between: sides, loss: '33%' }
        return { at: FAULT_AT, 'slow-link': lossy, for: '2s', every: '6s', times: 5 }
      }),
  },
  {
    name: 'gateway-loss',
    why:
      'The regions meet over a KubeSlice slice, and the node of the first one’s gateways dies ' +
      'for a while: all that crosses stands still until the node and its tunnels are back.',
    duration: '300s',
    overlay: { slice: 'kafka', ceiling: '50Mbit', gatewayNodes: 1 },
    faults: ({ first }) => {
      return [{ at: FAULT_AT, 'gateway-loss': `region ${first.name}`, for: LENGTH }]
    },
  },
  {
    name: 'worker-crash',
    why: 'A process of a link is killed, and is started again.',
    faults: (_plan, { faults }) => {
      const crash = faults.ideas.find(({ fault }) => 'crash' in fault)
      return crash === undefined ? null : [{ ...crash.fault, at: FAULT_AT }]
    },
  },
  {
    name: 'target-kill',
    why: 'The second region is silent for a while, and its disks keep what they hold.',
    faults: ({ others: [other] }) => {
      return other === undefined ? null : [outage(other, FAULT_AT, LENGTH)]
    },
  },
  {
    name: 'topic-recreated',
    why: 'Somebody deletes the topic in the first region and makes it again, 5 s later.',
    faults: ({ first }, { topics, clusters }) => {
      const topic = topics.entries.find(({ item }) => {
        return item.name === TOPIC && (item.cluster ?? first.name) === first.name
      })
      if (topic === undefined) return null
      const { name, partitions, replicationFactor } = topic.item
      const full = clusters === undefined ? name : `${topic.item.cluster}:${name}`
      return [
        { at: FAULT_AT, 'delete-topic': { topic: full } },
        { at: '35s', 'create-topic': { topic: full, partitions, replicationFactor } },
      ]
    },
  },
  {
    name: 'slow-disk',
    why: 'Disks of the first region take twenty times as long for a while.',
    faults: ({ first }) => {
      const target = { target: `region ${first.name}`, factor: SLOW_DISK_FACTOR }
      return [{ at: FAULT_AT, 'slow-disk': target, for: LENGTH }]
    },
  },
]

/** The design with that fault alone; nobody moves where nobody would. null: not possible. */
export function withTrial(design: Design, trial: Trial, plan: Plan): Design | null {
  const faults = trial.faults(plan, design)
  if (faults === null) return null
  const { producers, consumers } = design
  const { duration = design.duration, overlay } = trial
  const stays = ({ item }: { readonly item: { readonly start?: unknown } }): boolean =>
    trial.moves === true || item.start !== MOVED_AT
  return {
    ...design,
    question: `${trial.why} What does it cost?`,
    duration,
    ...(overlay === undefined ? {} : { overlay }),
    producers: { ...producers, entries: producers.entries.filter(stays) },
    consumers: { ...consumers, entries: consumers.entries.filter(stays) },
    faults: { why: trial.why, entries: faults.map((item) => ({ item })), ideas: [] },
  }
}

/** The design with that setting at every producer. */
export function withAcks(design: Design, acks: string): Design {
  const { producers } = design
  const entries = producers.entries.map((entry) => {
    return { ...entry, item: { ...entry.item, config: { ...entry.item.config, acks } } }
  })
  return { ...design, producers: { ...producers, entries } }
}
