import { InternalRecordIds } from '../../../src/kafka/internal-record-ids.ts'
import { TopicPartitions } from '../../../src/kafka/metadata/topic-partitions.ts'
import type { MirrorMaker2Settings } from '../../../src/kafka/settings/modelled.ts'
import { defaultSettings } from '../../../src/kafka/settings/resolve.ts'
import { Flow } from '../../../src/mirror/mirror-maker2/flow.ts'
import { CURRENT } from './mirrored-partition.ts'

/** A flow of 4.1 from A to B, clusters without topics or brokers. */
export function flowFromTo(settings: Partial<MirrorMaker2Settings>): Flow {
  const port = {
    directory: { processOf: () => null },
    topics: new TopicPartitions(),
    bootstrapNodes: [],
  }
  return new Flow({
    source: { ...port, name: 'A' },
    target: { ...port, name: 'B' },
    settings: { ...defaultSettings('mirrorMaker2', '4.1'), ...settings },
    guards: CURRENT,
    recordIds: new InternalRecordIds(),
  })
}
