// Whether links, by what they are set to copy and by what they know of where records come from, may
// bring a topic back to the cluster that it is at home in.

import type { LinkSpec } from '../../scenario/links.ts'
import type { Scenario } from '../../scenario/model.ts'
import { takenBy } from '../../scenario/resolve/links/remote-topics.ts'
import { copyOf } from './copies.ts'

/** A chain of links copies a copy; longer ones than this are circles. */
const HOPS_MAX = 8

interface Place {
  readonly cluster: string
  readonly topic: string
  /** The link that went on from here wrote it into the records' header. */
  readonly isStamped?: boolean
}

/** Followed from name to name, over each link that takes it. */
export function mayComeHome({ links }: Pick<Scenario, 'links'>, home: Place): boolean {
  const known = new Set([keyOf(home)])
  let last: (readonly Place[])[] = [[home]]
  for (let hop = 0; hop < HOPS_MAX && last.length > 0; hop++) {
    const next = last.flatMap((way) => links.flatMap((link) => stepOf(link, way)))
    if (next.some((way) => way.at(-1)?.cluster === home.cluster)) return true
    last = next.filter((way) => isNew(way, known))
  }
  return false
}

function isNew(way: readonly Place[], known: Set<string>): boolean {
  const key = keyOf(way.at(-1))
  if (known.has(key)) return false
  known.add(key)
  return true
}

/** One link further, if it takes the topic; where a way has been is at its front. */
function stepOf(link: LinkSpec, way: readonly Place[]): (readonly Place[])[] {
  const here = way.at(-1)
  if (here === undefined || link.from !== here.cluster || !takenBy(link)(here.topic)) return []
  const there = { cluster: link.to, topic: copyOf(link, here.topic) }
  if (knowsOf(link, way, there)) return []
  return [[...way.slice(0, -1), { ...here, isStamped: hasProvenance(link) }, there]]
}

function hasProvenance(link: LinkSpec): boolean {
  return link.system === 'replicator' && link.config['provenance.header.enable']
}

/**
 * provenance.header.enable: a record whose header names this cluster and this topic is dropped
 * (Confluent's docs, Replicator); a link that has it not stamps nothing either.
 * The default policy of MirrorMaker 2 goes by names, which `takenBy` does.
 */
function knowsOf(link: LinkSpec, way: readonly Place[], there: Place): boolean {
  if (!hasProvenance(link)) return false
  return way.some((place) => place.isStamped === true && keyOf(place) === keyOf(there))
}

function keyOf(place: Place | undefined): string {
  return `${place?.cluster}:${place?.topic}`
}
