// Models: what is set for topics themselves, as a broker's own image has it.
// Leaves out: configs of brokers, defaults and where a value comes from.
// Source: kafka.server.ConfigHelper.describeConfigs.

import type { DescribeConfigsRequest, DescribeConfigsResponse } from '../admin-messages.ts'
import type { MetadataImage } from '../metadata/metadata-image.ts'

/**
 * What a broker says of topics’ settings: from its own image, which may be behind the controller.
 * It does not wait to learn of a topic that was made a moment ago.
 */
export function describeConfigs(
  image: MetadataImage | null,
  { topics }: DescribeConfigsRequest,
): DescribeConfigsResponse {
  const answers = topics.map((name) => {
    const topic = image?.topics.get(name)
    if (topic === undefined) {
      return { name, error: 'UNKNOWN_TOPIC_OR_PARTITION' as const, configs: {} }
    }
    return { name, error: 'NONE' as const, configs: topic.configs }
  })
  return { api: 'DescribeConfigs', topics: answers }
}
