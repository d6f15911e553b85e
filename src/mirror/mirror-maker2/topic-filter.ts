// Models: the lists of topics to mirror and not to mirror.
// Leaves out: what Java's regular expressions have and JavaScript's have not.
// Source: org.apache.kafka.connect.mirror.DefaultTopicFilter, MirrorUtils.compilePatternList.

import type { Mm2Guards } from './guards.ts'

export const TOPICS_DEFAULT = '.*'

/** Default of topics.exclude. */
export function topicsExcludeDefault(guards: Mm2Guards): string {
  const internal = guards.replicatesUserInternals ? 'mm2.*\\.internal' : '.*[\\-\\.]internal'
  return `${internal}, .*\\.replica, __.*`
}

export interface TopicFilterConfig {
  /** topics: names and regular expressions with commas between them. */
  readonly topics?: string
  /** topics.exclude, which wins. */
  readonly topicsExclude?: string
}

export class TopicFilter {
  readonly #include: RegExp | null
  readonly #exclude: RegExp | null

  /** @throws SyntaxError where a list is no regular expression */
  constructor(guards: Mm2Guards, config: TopicFilterConfig = {}) {
    this.#include = compiled(config.topics ?? TOPICS_DEFAULT)
    this.#exclude = compiled(config.topicsExclude ?? topicsExcludeDefault(guards))
  }

  shouldReplicate(topic: string): boolean {
    return (this.#include?.test(topic) ?? false) && !(this.#exclude?.test(topic) ?? false)
  }
}

/** One expression that a whole name must match; null for an empty list, which matches nothing. */
function compiled(list: string): RegExp | null {
  const patterns = list.split(',').map((pattern) => pattern.trim())
  if (patterns.length === 1 && patterns[0] === '') return null
  return new RegExp(`^(?:${patterns.join('|')})$`)
}
