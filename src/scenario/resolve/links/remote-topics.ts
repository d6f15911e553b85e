// Topics that links will create: nobody lists them, and clients and faults may name them.

import type { LinkSpec } from '../../links.ts'
import type { TopicSpec } from '../../model.ts'

/** A topic as far as a reference to it is checked. */
export type KnownTopic = Pick<TopicSpec, 'cluster' | 'name' | 'partitions'>

/** A chain of links copies a copy; longer ones than this are circles. */
const HOPS_MAX = 8

/** What the links make of `topics`, and of one another's copies. */
export function remoteTopics(
  topics: readonly KnownTopic[],
  links: readonly LinkSpec[],
): KnownTopic[] {
  const known = new Map(topics.map((topic) => [keyOf(topic), topic]))
  let last: readonly KnownTopic[] = topics
  for (let hop = 0; hop < HOPS_MAX && last.length > 0; hop++) {
    const copies = links.flatMap((link) =>
      last.filter(({ cluster }) => cluster === link.from).flatMap((topic) => copyOf(topic, link)),
    )
    last = copies.filter((copy) => !known.has(keyOf(copy)))
    for (const copy of last) known.set(keyOf(copy), copy)
  }
  return [...known.values()].slice(topics.length)
}

function keyOf({ cluster, name }: KnownTopic): string {
  return `${cluster}:${name}`
}

function copyOf(topic: KnownTopic, link: LinkSpec): KnownTopic[] {
  if (topic.name.startsWith('__')) return []
  switch (link.system) {
    case 'mirror-maker2': {
      const { config, from } = link
      const keepsName = config['replication.policy.class'].endsWith('IdentityReplicationPolicy')
      const prefix = keepsName ? '' : `${from}${config['replication.policy.separator']}`
      const { partitions } = topic
      return [{ cluster: link.to, name: `${prefix}${topic.name}`, partitions }]
    }
    // Its mirrors are listed by the link: mirror-topics.ts.
    case 'cluster-link':
      return []
  }
}
