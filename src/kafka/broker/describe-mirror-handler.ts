// Models: what a broker tells another cluster of one topic: its state as a mirror, and its ends.
// Leaves out: authorisation; several topics in one request.
// Source: Confluent's REST API v3 (describe mirror); the fields are our own.

import type { MetadataImage } from '../metadata/metadata-image.ts'
import type { DescribeMirrorRequest, DescribeMirrorResponse } from '../mirror-messages.ts'
import type { TopicNames } from './replica-manager.ts'

/** From the broker's own image, however old it is. */
export function handleDescribeMirror(
  image: MetadataImage | null,
  names: TopicNames,
  { topic }: DescribeMirrorRequest,
): DescribeMirrorResponse {
  const known = image?.topics.get(topic)
  if (image === null || known === undefined) {
    const error = 'UNKNOWN_TOPIC_OR_PARTITION'
    return { api: 'DescribeMirror', error, state: null, reversal: null, link: null, ends: [] }
  }
  const mirror = image.mirrors.of(topic)
  // The asker is of another cluster, which knows partitions by their numbers only.
  const inOrder = [...known.partitions].sort((a, b) => names.numberOf(a) - names.numberOf(b))
  return {
    api: 'DescribeMirror',
    error: 'NONE',
    state: mirror?.state ?? null,
    reversal: mirror?.reversal ?? null,
    link: mirror?.link ?? null,
    ends: inOrder.map((index) => image.mirrors.progressOf(topic, index).done),
  }
}
