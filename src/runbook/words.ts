// Names and spans as the steps of a runbook write them.

import { z } from 'zod'

const NAME_MAX = 249
const NAMES_MAX = 1_000

export const named = z.string().min(1).max(NAME_MAX)
export const names = z.array(named).min(1).max(NAMES_MAX)

export const clients = names.meta({
  description: 'Entries of producers and consumers by name, every process of each.',
})

export const topics = names
  .optional()
  .meta({ description: 'What they write or read from then on; what they had, where absent.' })

export const stopping = z
  .enum(['close', 'kill'])
  .default('close')
  .meta({ description: 'close: what is buffered is sent first; kill: it is gone.' })
