// A handmade result in the shape that a run has: three regions, one of them lost at 14.2 s for
// 30 s, and nothing acknowledged is lost. Views and reports are tested against it.

import type { LatencyPhases, PartitionView, Rto, RunResult, Series } from '../../src/contract.ts'

const FAULT = 14_200
const BACK = 28_904
const END = 60_000
const STEP = 250
const POINTS = END / STEP

/** A result without a loss; `change` replaces what a test is about. */
export function fixtureResult(change: Partial<RunResult> = {}): RunResult {
  return {
    schemaVersion: 1,
    scenario: 'q05-active-controller-region',
    question: 'If the active controller is in the lost region, how much longer is the outage?',
    answer: 'The new controller gives every broker a whole new session before it fences one.',
    kafkaVersion: '4.1',
    flavour: 'apache',
    seed: '81723',
    digest: '9f3c01d277ab4e10',
    verdict: 'met',
    objectives: [
      objective('rpo.records', 0, 0, 'records', '0 of 214,881 acknowledged records are gone'),
      objective('rto.produce', 15_000, 14_704, 'ms', 'orders-0 took writes again at 28.904 s'),
    ],
    rpo: {
      ...{ records: 0, bytes: 0, windowMs: 0, ageMs: 0, splitBrainMs: 0, acked: 214_881 },
      ...{ undecided: [], byPartition: [], lostRanges: [] },
    },
    rto: { produce: rto(12_312, 105, 2_287), consume: rto(12_312, 105, 2_402) },
    planes: { controlMs: 3_600, dataMs: 12_312, clientsMs: 14_704, redundancyMs: 31_900 },
    fates: {
      ...{ sent: 214_990, acked: 214_881, safe: 214_881, delayed: 0, lost: 0, duplicated: 0 },
      ...{ reordered: 0, phantom: 0, failed: 0, failedButPresent: 0, failedAbsent: 0 },
      ...{ unknown: 0, unknownButPresent: 0, unknownAbsent: 0, pending: 109 },
    },
    repeatedRanges: [],
    latency: { produce: latency(31, 58), endToEnd: latency(34, 66) },
    availability: {
      produceRatio: 0.755,
      unavailableMs: 14_704,
      byPartition: [{ partition: 'orders-0', unavailableMs: 14_704 }],
    },
    consumerView: {
      ...{ delivered: 214_881, redelivered: 0, skipped: 0, rewinds: 0, rewoundOffsets: 0 },
      ...{ suppressed: 0, phantom: 0, abortedReads: 0 },
    },
    residency: { rules: 0, records: 0, breaches: [] },
    egress: {
      ...{ zones: { gb: 0, usd: 0 }, regions: { gb: 97_000, usd: 1_940 }, usd: 1_940 },
    },
    divergence: { offsets: 0, committedOffsets: 0, evidence: null },
    traffic: {
      links: [{ from: 'us-east-1', to: 'eu-west-1', bytes: 21_400_000 }],
      crossRegionBytes: 63_800_000,
      monthlyUsd: 1_940,
    },
    clock: { startMs: 0, faultAtMs: FAULT, loadEndMs: END, endMs: END, events: 4_182_331 },
    topology: {
      regions: ['us-east-1', 'eu-west-1', 'eu-central-1'].map((name) => ({
        name,
        cloud: `aws:${name}`,
      })),
      brokers: [1, 2, 4, 5, 7, 8].map((id) => ({
        id,
        cluster: 'kafka',
        region: id < 4 ? 'us-east-1' : id < 7 ? 'eu-west-1' : 'eu-central-1',
        zone: 'a',
        roles: id % 3 === 1 ? ['broker', 'controller'] : ['broker'],
      })),
      links: [
        { a: 'us-east-1', b: 'eu-west-1', rttMs: 74 },
        { a: 'us-east-1', b: 'eu-central-1', rttMs: 98 },
        { a: 'eu-west-1', b: 'eu-central-1', rttMs: 27 },
      ],
      clients: [
        { name: 'orders', kind: 'producer', region: 'eu-west-1', text: '5,000 rec/s acks=all' },
      ],
    },
    faults: [
      {
        id: 0,
        kind: 'region-loss',
        target: 'us-east-1',
        text: 'us-east-1 lost',
        fromMs: FAULT,
        untilMs: 44_200,
      },
    ],
    timeline: [
      event(0, FAULT, 'fault', 'fault', 'us-east-1 lost', null),
      event(1, 17_800, 'controller 4', 'controller', 'active controller 1 → 4, epoch 2 → 3', 0),
      event(2, 26_512, 'controller 4', 'broker-fenced', 'broker 1 fenced: its session ended', 1),
      event(3, 26_512, 'controller 4', 'partition', 'orders-0: leader 1 → 4, epoch 4 → 5', 2),
      event(4, 26_617, 'broker 7', 'truncation', 'truncated nothing; fetches from 4', 3),
      event(5, BACK, 'producer orders', 'first-ack', 'first acknowledgement after the fault', 3),
      event(6, 44_200, 'fault', 'heal', 'us-east-1 is back', 0),
    ],
    series: { startMs: 0, stepMs: STEP, points: POINTS, series: series() },
    controllers: [
      ...[
        { fromMs: 0, untilMs: FAULT, node: 1, epoch: 2, label: 'controller 1' },
        { fromMs: FAULT, untilMs: 17_800, node: -1, epoch: 2, label: 'none' },
        { fromMs: 17_800, untilMs: END, node: 4, epoch: 3, label: 'controller 4' },
      ].map((span) => ({ cluster: 'kafka', ...span })),
    ],
    partitions: [partition()],
    groups: [],
    regionLags: [],
    conflicts: [],
    links: [],
    groupTracks: [],
    linkTracks: [],
    clusters: [state()],
    config: [
      { scope: 'broker', name: 'broker.session.timeout.ms', value: '9000', source: 'default' },
      { scope: 'topic orders', name: 'min.insync.replicas', value: '2', source: 'scenario' },
    ],
    notModelled: [{ subject: 'log.cleaner.threads', text: 'compaction is not modelled' }],
    notes: [{ subject: 'clusters.us.controllers', text: '4 voters need 3 alive' }],
    knobs: {},
    limits: { events: 50_000_000, memoryMb: 2_048 },
    replay: 'highwater run q05-active-controller-region --seed 81723',
    file: 'q05-active-controller-region',
    untilMs: null,
    ...change,
  }
}

function objective(
  id: string,
  limit: number,
  measured: number,
  unit: 'ms' | 'records',
  evidence: string,
) {
  return { id, comparison: 'at-most', limit, measured, unit, verdict: 'met', evidence } as const
}

function rto(detectMs: number, electMs: number, clientMs: number): Rto {
  const ms = detectMs + electMs + clientMs
  const split = { ms, detectMs, decideMs: 0, electMs, clientMs }
  const backAtMs = FAULT + ms
  return {
    ...split,
    ...{ worst: 'orders-0', faultAtMs: FAULT, backAtMs, p50Ms: ms, p95Ms: ms, steadyMs: ms + 800 },
    byPartition: [{ partition: 'orders-0', ...split, faultAtMs: FAULT, backAtMs }],
    byClient: [{ client: 'orders', ms }],
  }
}

function latency(p50Ms: number, p99Ms: number): LatencyPhases {
  const part = (records: number, factor: number) => ({
    records,
    ...{ p50Ms: p50Ms * factor, p95Ms: p99Ms * 0.9 * factor, p99Ms: p99Ms * factor },
    maxMs: p99Ms * 2 * factor,
  })
  const buckets = [
    [32, 120_000],
    [64, 60_000],
    [15_000, 34_881],
  ] as const
  return {
    all: part(214_881, 2),
    before: part(71_000, 1),
    during: part(1, 90),
    after: part(9, 1),
    buckets,
  }
}

function event(
  id: number,
  atMs: number,
  actor: string,
  kind: string,
  text: string,
  cause: number | null,
) {
  return { id, atMs, actor, kind, text, cause, partition: null, values: {} }
}

function series(): Series[] {
  const values = (at: (ms: number) => number | null) =>
    Array.from({ length: POINTS }, (_, i) => at(i * STEP))
  const out = (ms: number) => ms >= FAULT && ms < BACK
  const wave = (ms: number) => ((ms * 7_919) % 1_000) / 1_000
  return [
    {
      id: 'acked',
      label: 'acknowledged',
      unit: 'records/s',
      values: values((ms) => (out(ms) ? 0 : 4_900 + 200 * wave(ms))),
    },
    {
      id: 'produce.p50',
      label: 'produce p50',
      unit: 'ms',
      values: values((ms) => (out(ms) ? null : 31 + 3 * wave(ms))),
    },
    {
      id: 'produce.p99',
      label: 'produce p99',
      unit: 'ms',
      values: values((ms) =>
        out(ms) ? null : ms < BACK + 2_000 && ms > BACK ? 900 : 58 + wave(ms),
      ),
    },
    {
      id: 'isr.smallest',
      label: 'smallest ISR',
      unit: 'replicas',
      values: values((ms) => (ms >= 26_512 && ms < 46_000 ? 2 : 3)),
    },
    {
      id: 'end-to-end.lag',
      label: 'end-to-end lag',
      unit: 'ms',
      values: values((ms) => (out(ms) ? ms - FAULT : 34)),
    },
    {
      id: 'under-min-isr',
      label: 'partitions under min ISR',
      unit: 'partitions',
      values: values((ms) => (ms >= FAULT && ms < 26_512 ? 1 : 0)),
    },
  ]
}

function partition(): PartitionView {
  const ends = (rate: number, stopAt: number) =>
    Array.from({ length: POINTS }, (_, i) => {
      const ms = i * STEP
      const lived = ms < FAULT ? ms : ms < BACK ? FAULT : ms - (BACK - FAULT)
      return Math.min(Math.floor(lived * rate), stopAt)
    })
  const track = (broker: number, stopAt: number, behind: number) => ({
    broker,
    role: 'replica' as const,
    logStart: ends(0, 0),
    highWatermark: ends(0.41, stopAt).map((offset) => Math.max(0, offset - behind)),
    logEnd: ends(0.41, stopAt),
  })
  return {
    ...{
      partition: 'orders-0',
      topic: 'orders',
      number: 0,
      replicas: [1, 4, 7],
      minIsr: [{ fromMs: 0, replicas: 2 }],
    },
    leaders: [
      { fromMs: 0, untilMs: FAULT, node: 1, epoch: 4, label: 'broker 1 · epoch 4' },
      { fromMs: 26_512, untilMs: END, node: 4, epoch: 5, label: 'broker 4 · epoch 5' },
    ],
    isr: [
      { fromMs: 0, untilMs: 26_512, node: 3, epoch: 4, label: '1,4,7' },
      { fromMs: 26_512, untilMs: 46_000, node: 2, epoch: 5, label: '4,7' },
      { fromMs: 46_000, untilMs: END, node: 3, epoch: 5, label: '4,7,1' },
    ],
    epochs: [
      { epoch: 4, startOffset: 0 },
      { epoch: 5, startOffset: 5_822 },
    ],
    ...{ startMs: 0, stepMs: STEP, truncations: [] },
    tracks: [track(1, 5_830, 16), track(4, 99_999, 8), track(7, 99_999, 12)],
  }
}

function state(): RunResult['clusters'][number] {
  return {
    name: 'kafka',
    atMs: END,
    topics: [
      {
        ...{ name: 'orders', topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', replicationFactor: 3 },
        configs: [['min.insync.replicas', '2']],
        partitions: [
          {
            ...{ number: 0, leader: 4, replicas: [1, 4, 7], isr: [4, 7, 1], elr: [] },
            ...{ lastKnownElr: [], observers: null, minIsr: 2 },
          },
        ],
      },
    ],
    quorum: {
      ...{ clusterId: 'q05', leaderId: 4, leaderEpoch: 3, highWatermark: 412 },
      replicas: [],
    },
    groups: [],
    mirrors: [],
  }
}
