// What became of mirror topics: which link filled each one last, and whether somebody had its log
// cut for that. Read from the events of a run, as a person would read its timeline.

import type { History } from '../../history.ts'
import type { Scenario } from '../../scenario/model.ts'

/** Of a topic that has been a mirror at some time. */
export interface MirrorPast {
  /** Its state when the run ended. */
  readonly state: string
  /** The link that its log is one with up to where clients went on; null before that is so. */
  readonly alignedWith: string | null
  /** What clients had written there was cut off, as somebody ordered. */
  readonly wasCut: boolean
}

/** In these a log is cut to what the source has of it. */
const CUTTING = new Set(['LOG_ALIGNMENT', 'PENDING_SETUP_FOR_RESTORE', 'PENDING_RESTORE'])
const COPYING = new Set(['MIRRORING', 'ACTIVE'])

/** Whether a mirror gets what its source gets, as far as its cluster knows. */
export function isCopying({ state }: MirrorPast): boolean {
  return COPYING.has(state)
}

type Told = { readonly history: History; readonly scenario: Pick<Scenario, 'topics'> }

/** By `cluster:topic`. */
export function mirrorPasts({ history, scenario }: Told): ReadonlyMap<string, MirrorPast> {
  const pasts = new Map<string, MirrorPast>()
  for (const { kind, text, values } of history.events) {
    const [, place, before] = /^mirror ([^:]+:\S+): (\w+) → /.exec(text) ?? []
    if (kind !== 'mirror' || place === undefined) continue
    const { link, state } = { link: String(values?.link), state: String(values?.state) }
    const known = pasts.get(place)
    const cuts = CUTTING.has(state)
    // A source that is to become the mirror of its mirror has what that one lacks.
    const isLoose = cuts || state === 'PENDING_MIRROR'
    // A mirror that is new was made for its link, and nobody has written to it.
    const isNew = before === 'none' && !isHome(place, scenario)
    const aligned = COPYING.has(state) ? link : (known?.alignedWith ?? null)
    pasts.set(place, {
      state,
      alignedWith: isLoose ? null : aligned,
      wasCut: known?.wasCut === true || (cuts && !isNew),
    })
  }
  return pasts
}

function isHome(place: string, { topics }: Told['scenario']): boolean {
  return topics.some(
    ({ cluster, name, mirror }) => mirror === undefined && `${cluster}:${name}` === place,
  )
}

/** Partitions of topics whose log an operator had cut: who orders that is told what it deletes. */
export function cutByOrder(told: Told): ReadonlySet<number> {
  const pasts = mirrorPasts(told)
  const cut = told.history.partitions.filter(({ cluster, topic }) => {
    return pasts.get(`${cluster}:${topic}`)?.wasCut === true
  })
  return new Set(cut.map(({ index }) => index))
}

/** Partitions of mirrors that have said that they cannot go on. */
export function failedMirrors(history: History): ReadonlySet<number> {
  const failed = history.events.flatMap(({ kind, text }) => {
    const [, name] = (kind === 'mirror' && /^mirror (\S+): (?:\w+ → )?FAILED/.exec(text)) || []
    return name === undefined ? [] : [name]
  })
  const isOf = (name: string, index: number) => {
    const { cluster, topic } = history.partitions[index] ?? {}
    return name === history.partitionName(index) || name === `${cluster}:${topic}`
  }
  const own = history.partitions.filter(({ index }) => failed.some((name) => isOf(name, index)))
  return new Set(own.map(({ index }) => index))
}
