import { mm2GuardsFor } from '../../../../src/mirror/mirror-maker2/guards.ts'
import { TopicFilter } from '../../../../src/mirror/mirror-maker2/topic-filter.ts'
import { compare, type JsonObject, type Outcome } from '../compare.ts'
import { object, str } from '../fields.ts'
import { replayNaming } from './mm2-naming.ts'
import { replayOffsetSyncStore } from './mm2-offset-sync-store.ts'
import { replayPartitionState } from './mm2-partition-state.ts'

/** The classes of older releases, each case under the guards of its own. */
export function replayReleaseHistory(goldenCase: JsonObject): Outcome {
  switch (str(goldenCase, 'kind')) {
    case 'store':
      return replayOffsetSyncStore(goldenCase)
    case 'state':
      return replayPartitionState(goldenCase)
    case 'filter': {
      const filter = new TopicFilter(mm2GuardsFor(str(goldenCase, 'version')))
      const topics = Object.keys(object(goldenCase, 'topics'))
      const passes = topics.map((topic) => [topic, filter.shouldReplicate(topic)])
      return compare('topics', object(goldenCase, 'topics'), Object.fromEntries(passes))
    }
    default:
      return replayNaming(goldenCase)
  }
}
