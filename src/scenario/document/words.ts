// The small schemas that the parts of a scenario file share: names, counts, moments.

import { z } from 'zod'
import { span } from '../../faults/span.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/
const NAME_MAX = 60
const TOPIC_MAX = 249
/** Kafka has fewer. */
const SETTINGS_MAX = 500
const ID_MAX = 9_999
export const PARTITIONS_MAX = 10_000

export const name = z
  .string({ error: 'expected a name' })
  .max(NAME_MAX)
  .regex(NAME, 'a name has letters, digits, "-", "_" and "." and starts with a letter or digit')

export const topicName = z
  .string({ error: 'expected a topic name' })
  .max(TOPIC_MAX)
  .regex(/^[A-Za-z0-9._-]+$/, 'a topic name has letters, digits, ".", "_" and "-"')
  .refine((text) => text !== '.' && text !== '..', 'a topic cannot be called "." or ".."')

export const onOff = z
  .union([z.enum(['on', 'off']), z.boolean()], { error: 'expected on or off' })
  .transform((input) => input === true || input === 'on')

export const nodeId = z.int().min(0).max(ID_MAX)
export const partitionNumber = z
  .int()
  .min(0)
  .max(PARTITIONS_MAX - 1)
export const sentence = z.string().max(2_000)

/** Kafka settings under Kafka's names; checked against the list of settings later. */
export const settings = z
  .record(z.string(), z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]))
  .refine((all) => Object.keys(all).length <= SETTINGS_MAX, `more than ${SETTINGS_MAX} settings`)
  .meta({ description: 'Kafka settings under Kafka’s own names.' })

/** A moment: fixed, or [from, to] for one drawn from the seed. */
export const moment = span
