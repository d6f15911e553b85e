// What `kafka-mirrors --describe` prints, tab for tab. The time of a state is the run's own, and so
// is why a mirror has failed: the tool prints no word of it.

import type { MirrorDescription } from '../contract.ts'
import { clock } from './quantity.ts'

/** A line for each mirror topic, and below it one for each partition. */
export function describeMirrors(mirrors: readonly MirrorDescription[]): string {
  return mirrors.flatMap((mirror) => [headOf(mirror), ...rowsOf(mirror)]).join('')
}

function headOf(mirror: MirrorDescription): string {
  const { topic, link, sourceTopic, state, stateAtMs, failure } = mirror
  const cells = [
    `Topic: ${topic}`,
    `LinkName: ${link}`,
    `SourceTopic: ${sourceTopic}`,
    `State: ${state}`,
    `StateTime: ${clock(stateAtMs)} s`,
    ...(failure === null ? [] : [`Failure: ${failure}`]),
  ]
  return `${cells.join('\t')}\n`
}

function rowsOf({ partitions, state }: MirrorDescription): string[] {
  return partitions.map((row) => {
    const cells = [
      `\tPartition: ${row.number}`,
      `State: ${state}`,
      `DestLogEndOffset: ${row.destLogEndOffset}`,
      `LastFetchSourceHighWatermark: ${row.lastFetchSourceHighWatermark}`,
      `Lag: ${row.lag}`,
      `TimeSinceLastFetchMs: ${row.timeSinceLastFetchMs ?? -1}`,
    ]
    return `${cells.join('\t')}\n`
  })
}
