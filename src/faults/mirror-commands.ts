// What an operator does to cluster links while they run: kafka-mirrors and kafka-cluster-links; and
// to cluster mirrors of KIP-1279: kafka-cluster-mirrors.

import { z } from 'zod'
import { faultKind, type Heal, type Stage } from './fault.ts'

const NAME_MAX = 249
const TOPICS_MAX = 1_000
const name = z.string().min(1).max(NAME_MAX)
const topics = z
  .array(name)
  .min(1)
  .max(TOPICS_MAX)
  .optional()
  .meta({ description: 'Mirror topics by their own names; all of the link where it is absent.' })

const ofLink = z.strictObject({ link: name, topics })

export const mirrorPause = faultKind({
  kind: 'mirror-pause',
  doc: 'kafka-mirrors --pause, kafka-cluster-mirrors --pause: the mirrors stand still.',
  schema: ofLink,
  inject(stage: Stage, { link, topics }): Heal | null {
    stage.operator.commandMirrors('pause', link, topics ?? null)
    return null
  },
})

export const mirrorResume = faultKind({
  kind: 'mirror-resume',
  doc: 'kafka-mirrors --unpause: paused mirrors go on.',
  schema: ofLink,
  inject(stage: Stage, { link, topics }): Heal | null {
    stage.operator.commandMirrors('resume', link, topics ?? null)
    return null
  },
})

export const mirrorPromote = faultKind({
  kind: 'mirror-promote',
  doc: 'kafka-mirrors --promote: mirrors without lag become topics to write to.',
  schema: ofLink,
  inject(stage: Stage, { link, topics }): Heal | null {
    stage.operator.commandMirrors('promote', link, topics ?? null)
    return null
  },
})

export const mirrorFailover = faultKind({
  kind: 'mirror-failover',
  doc: 'kafka-mirrors --failover: mirrors become topics to write to, whatever they lack.',
  schema: ofLink,
  inject(stage: Stage, { link, topics }): Heal | null {
    stage.operator.commandMirrors('failover', link, topics ?? null)
    return null
  },
})

export const mirrorReverse = faultKind({
  kind: 'mirror-reverse',
  doc: 'kafka-mirrors --reverse-and-start or --reverse-and-pause: source and mirror change places.',
  schema: z.strictObject({ link: name, topics, pause: z.boolean().default(false) }),
  inject(stage: Stage, { link, topics, pause }): Heal | null {
    const command = pause ? 'reverse-and-pause' : 'reverse-and-start'
    stage.operator.commandMirrors(command, link, topics ?? null)
    return null
  },
})

export const mirrorTruncateAndRestore = faultKind({
  kind: 'mirror-truncate-and-restore',
  doc: 'kafka-mirrors --truncate-and-restore: the old primary drops its tail and mirrors the new.',
  schema: ofLink,
  inject(stage: Stage, { link, topics }): Heal | null {
    stage.operator.commandMirrors('truncate-and-restore', link, topics ?? null)
    return null
  },
})

export const mirrorStart = faultKind({
  kind: 'mirror-start',
  doc: 'kafka-cluster-mirrors --start: topics are cut to what the source has, and mirrored.',
  schema: ofLink,
  inject(stage: Stage, { link, topics }): Heal | null {
    stage.operator.commandMirrors('start', link, topics ?? null)
    return null
  },
})

export const mirrorStop = faultKind({
  kind: 'mirror-stop',
  doc: 'kafka-cluster-mirrors --stop: mirrors become topics to write to, whatever they lack.',
  schema: ofLink,
  inject(stage: Stage, { link, topics }): Heal | null {
    stage.operator.commandMirrors('stop', link, topics ?? null)
    return null
  },
})

export const linkResume = faultKind({
  kind: 'link-resume',
  doc: 'cluster.link.paused=false: a link that was paused goes on.',
  schema: z.strictObject({ link: name }),
  inject(stage: Stage, { link }): Heal | null {
    stage.operator.pauseLink(link, false)
    return null
  },
})

export const linkPause = faultKind({
  kind: 'link-pause',
  doc: 'cluster.link.paused=true: the link moves neither records nor offsets.',
  schema: z.strictObject({ link: name }),
  inject(stage: Stage, { link }): Heal | null {
    stage.operator.pauseLink(link, true)
    return () => stage.operator.pauseLink(link, false)
  },
})
