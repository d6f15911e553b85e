// What the cases share: a small cluster on three sites, a story told as a timetable, and the two
// ways to play it: to its end through the public `run`, or step by step.

import type { RunResult, Span } from '../../src/contract.ts'
import type { GuardName } from '../../src/kafka/version.ts'
import type { Violation } from '../../src/lab/invariants/violations.ts'
import { run } from '../../src/lab/run.ts'
import { Simulation } from '../../src/lab/simulation.ts'
import type { Scenario } from '../../src/scenario/model.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

/** For what is drawn: an interval must hold for each of them. */
export const SEEDS = ['1', '2', '3'] as const

export type Guards = Partial<Record<GuardName, boolean>>
type Part = Readonly<Record<string, unknown>>

/** A scenario without what the cases have in common; the rest is written as in a scenario file. */
export interface Story {
  readonly version?: string
  readonly flavour?: 'apache' | 'confluent'
  readonly guards?: Guards
  readonly duration: string
  readonly settle?: string
  /** Regions, network and nodes, where the three sites do not fit. */
  readonly place?: Part
  /** Broker settings of the cluster. */
  readonly config?: Part
  /** Replicas of the one partition, preferred leader first. */
  readonly replicas?: readonly number[]
  /** Settings of the topic. */
  readonly topic?: Part
  /** Where one list of replicas does not do: assignment of several, or placement. */
  readonly topicMore?: Part
  readonly producers: readonly Part[]
  readonly consumers?: readonly Part[]
  readonly faults: readonly Part[]
}

/** Three sites a, b, c, 20 ms apart; a broker in each, and each voter on a host of its own. */
export const THREE_SITES = {
  regions: { a: {}, b: {}, c: {} },
  network: { rtt: { 'a ~ b': '20ms', 'a ~ c': '20ms', 'b ~ c': '20ms' } },
  cluster: {
    brokers: [
      { id: 1, region: 'a' },
      { id: 2, region: 'b' },
      { id: 3, region: 'c' },
    ],
    controllers: [
      { id: 101, region: 'a', host: 'quorum-a' },
      { id: 102, region: 'b', host: 'quorum-b' },
      { id: 103, region: 'c', host: 'quorum-c' },
    ],
  },
} as const

/** The story as the lab knows it. Throws on what a file could not say either. */
export function scenarioFor(story: Story): Scenario {
  const { version, flavour, guards, duration, settle, producers, consumers, faults } = story
  const place: Part & { readonly cluster?: unknown } = story.place ?? THREE_SITES
  const topic = {
    name: 'orders',
    config: story.topic ?? {},
    ...(story.topicMore ?? { assignment: [story.replicas ?? [1, 2, 3]] }),
  }
  const document = {
    version: version ?? '4.1',
    flavour: flavour ?? 'apache',
    guards: guards ?? {},
    duration,
    settle: settle ?? '60s',
    ...place,
    cluster: { ...(place.cluster as Part), config: story.config ?? {} },
    topics: [topic],
    producers: producers.map((one) => ({ topic: 'orders', region: 'a', ...one })),
    consumers: (consumers ?? []).map((one) => ({ topic: 'orders', region: 'a', ...one })),
    faults,
  }
  return scenarioOf(JSON.stringify(document), 'case')
}

/** Plays the story to its end. */
export function play(story: Story, seed = '1'): RunResult {
  return run(scenarioFor(story), seed)
}

/**
 * The invariants of the model that break in the story, also those that rest on a guard that it
 * switches off: a second witness, from outside the judge.
 */
export function brokenIn(story: Story, seed = '1'): readonly string[] {
  const found = new Set<string>()
  const onViolation = ({ number }: Violation) => found.add(number)
  run(scenarioFor(story), seed, { watch: { despiteGuards: true, onViolation } })
  return [...found].sort()
}

/** The same story, begun and left to the caller, who may look and act at any moment. */
export function begin(story: Story, seed = '1'): Simulation {
  const scenario = scenarioFor(story)
  const simulation = new Simulation(scenario, seed)
  simulation.boot()
  for (const producer of scenario.producers) simulation.clients.addProducer(producer)
  for (const consumer of scenario.consumers) simulation.clients.addConsumer(consumer)
  simulation.faults.schedule(scenario.faults)
  return simulation
}

/** Who led the first partition, when and in which epoch; -1 for nobody. */
export function leadersOf(result: RunResult, partition = 0): readonly Span[] {
  return result.partitions[partition]?.leaders ?? []
}

/** Its in-sync sets as '1,2,3', over time. */
export function isrsOf(result: RunResult, partition = 0): readonly Span[] {
  return result.partitions[partition]?.isr ?? []
}
