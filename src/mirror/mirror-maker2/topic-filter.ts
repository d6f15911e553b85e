// Models: the lists of topics to mirror and not to mirror.
// Leaves out: filters of one's own.
// Source: org.apache.kafka.connect.mirror.DefaultTopicFilter.

import type { Mm2Guards } from './guards.ts'
import { NameFilter } from './name-filter.ts'

const TOPICS_DEFAULT = '.*'

/** Default of topics.exclude. */
function topicsExcludeDefault(guards: Mm2Guards): string {
  const internal = guards.replicatesUserInternals ? 'mm2.*\\.internal' : '.*[\\-\\.]internal'
  return `${internal}, .*\\.replica, __.*`
}

export interface TopicFilterConfig {
  /** topics: names and regular expressions with commas between them. */
  readonly topics?: string
  /** topics.exclude, which wins. */
  readonly topicsExclude?: string
}

/** An empty `topics` mirrors nothing. */
export class TopicFilter {
  readonly #names: NameFilter

  /** @throws SyntaxError where a list is no regular expression */
  constructor(guards: Mm2Guards, config: TopicFilterConfig = {}) {
    const exclude = config.topicsExclude ?? topicsExcludeDefault(guards)
    this.#names = new NameFilter(config.topics ?? TOPICS_DEFAULT, exclude)
  }

  /** By the two lists alone: cycles and MirrorMaker's own topics are the flow's affair. */
  shouldReplicate(topic: string): boolean {
    return this.#names.accepts(topic)
  }
}
