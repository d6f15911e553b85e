// Links that hand records round in a circle, under names that none of them can tell from the first:
// MirrorMaker 1 both ways, or names that are kept. Each record goes on for ever, a copy more in
// every cluster with each round.

import type { LinkSpec } from '../../links.ts'
import type { Scenario } from '../../model.ts'
import type { Findings } from '../findings.ts'
import { nameOf, takenBy } from './remote-topics.ts'

interface Hop {
  readonly link: LinkSpec
  readonly takes: (topic: string) => boolean
}

interface Place {
  readonly cluster: string
  readonly name: string
}

/** One note a circle, at its first link; whether all of them ever run at once is not known. */
export function noteLoops(
  { topics, links }: Pick<Scenario, 'topics' | 'links'>,
  findings: Findings,
): void {
  const hops = links.filter(keepsGoing).map((link) => ({ link, takes: takenBy(link) }))
  const told = new Set<string>()
  for (const topic of topics) {
    for (const circle of circlesFrom(topic, hops)) {
      const names = circle.map(({ name }) => name)
      const key = [...names].sort().join(' ')
      if (told.has(key) || circle.every(isMirrored)) continue
      told.add(key)
      const message = `records of ${topic.name} go round for ever while ${names.join(', ')} run`
      const first = Math.min(...circle.map((link) => links.indexOf(link)))
      findings.note(['links', first], `${message}: nothing in them tells a copy from the first`)
    }
  }
}

/** Provenance headers end a circle; what a transform calls a topic is not worked out here. */
function keepsGoing(link: LinkSpec): boolean {
  if (link.system === 'replicator') return !link.config['provenance.header.enable']
  return link.system !== 'connect' || link.transforms.every(({ kind }) => kind !== 'route')
}

/** A mirror takes no writes but its own link's: mirrors alone make no circle. */
function isMirrored({ system }: LinkSpec): boolean {
  return system === 'cluster-link' || system === 'cluster-mirror'
}

/** Ways over links, each taken once, that lead back to where they began. */
function circlesFrom(home: Place, hops: readonly Hop[]): LinkSpec[][] {
  const circles: LinkSpec[][] = []
  const follow = (at: Place, way: readonly LinkSpec[]): void => {
    for (const { link, takes } of hops) {
      if (link.from !== at.cluster || way.includes(link) || !takes(at.name)) continue
      const next = { cluster: link.to, name: nameOf(link, at.name) }
      const further = [...way, link]
      if (next.cluster === home.cluster && next.name === home.name) circles.push(further)
      else if (!further.slice(0, -1).some(({ from }) => from === next.cluster)) {
        follow(next, further)
      }
    }
  }
  follow(home, [])
  return circles
}
