// A scenario file, whole. This one definition gives the types, the errors and the JSON Schema.

import { z } from 'zod'
import { duration } from '../../faults/quantity.ts'
import {
  GUARD_NAMES,
  GUARD_RULES,
  type GuardName,
  parseVersion,
  VERSION_DEFAULT,
  VERSION_MAX,
  VERSION_MIN,
} from '../../kafka/version.ts'
import { cluster, clusters } from './cluster.ts'
import { endpoints } from './endpoints.ts'
import { link } from './links.ts'
import { consumer, producer, topic } from './load.ts'
import { network, region } from './network.ts'
import { expectation, objectives } from './objectives.ts'
import { registry } from './registries.ts'
import { runbook } from './runbooks.ts'
import { faultEntry, random } from './timetable.ts'
import { name, onOff, sentence } from './words.ts'

const DURATION_DEFAULT = 60_000_000
const SETTLE_DEFAULT = 60_000_000
const EVENTS_DEFAULT = 200_000_000
const EVENTS_MAX = 1_000_000_000_000
const MEMORY_DEFAULT = 2_048
const MEMORY_MAX = 1_000_000
const LIST_MAX = 2_000

const version = z
  .string({ error: `expected a Kafka version in quotes, such as "${VERSION_DEFAULT}"` })
  .refine(
    (text) => parseVersion(text) !== null,
    `not a Kafka version from ${VERSION_MIN} to ${VERSION_MAX}`,
  )

/** One guard, with its meaning and source for the editor. */
function guard(key: GuardName) {
  const { doc, source } = GUARD_RULES[key]
  return onOff.optional().meta({ description: `${doc} (${source})` })
}

const guards = z
  .strictObject(Object.fromEntries(GUARD_NAMES.map((key) => [key, guard(key)] as const)))
  .meta({ description: 'Single repairs of Kafka switched on or off, whatever the version.' })

const limits = z.strictObject({
  events: z.int().min(1_000).max(EVENTS_MAX).default(EVENTS_DEFAULT),
  memoryMb: z.int().min(16).max(MEMORY_MAX).default(MEMORY_DEFAULT),
})

export const scenarioDocument = z.strictObject({
  $schema: z.string().max(1_000).optional(),
  scenario: name.optional(),
  question: sentence.default(''),
  answer: sentence.default(''),
  version: version.default(VERSION_DEFAULT),
  flavour: z.enum(['apache', 'confluent']).default('apache'),
  guards: guards.default({}),
  seed: z.union([z.string().min(1).max(200), z.int()]).default('highwater'),
  duration: duration.default(DURATION_DEFAULT),
  settle: duration.default(SETTLE_DEFAULT),
  regions: z
    .record(name, region.nullable())
    .refine((regions) => Object.keys(regions).length > 0, 'there is no region')
    .refine((regions) => Object.keys(regions).length <= 100, 'more than 100 regions'),
  network: network.prefault({}),
  cluster: cluster.optional(),
  clusters: clusters.optional(),
  topics: z.array(topic).max(LIST_MAX),
  producers: z.array(producer).max(LIST_MAX).default([]),
  consumers: z.array(consumer).max(LIST_MAX).default([]),
  endpoints: endpoints.default({}),
  registries: z.array(registry).max(100).default([]),
  links: z.array(link).max(LIST_MAX).default([]),
  runbooks: z.array(runbook).max(LIST_MAX).default([]),
  faults: z.array(faultEntry).max(LIST_MAX).default([]),
  random: random.optional(),
  objectives: objectives.default({}),
  expect: expectation.optional(),
  limits: limits.prefault({}),
})

/** What a file may hold, before defaults: what a program writes that makes scenarios. */
export type ScenarioInput = z.input<typeof scenarioDocument>
export type ScenarioDocument = z.output<typeof scenarioDocument>
