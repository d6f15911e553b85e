// Models: what is set for topics themselves, as a broker's own image has it, and what stands at
// Kafka's default.
// Leaves out: configs of brokers; what a broker's own file says for its topics (a client of the
// model has no use for it).
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
  atDefault: Readonly<Record<string, string>>,
): DescribeConfigsResponse {
  const answers = topics.map((name) => {
    const topic = image?.topics.get(name)
    if (topic === undefined) {
      return { name, error: 'UNKNOWN_TOPIC_OR_PARTITION' as const, configs: {}, defaults: {} }
    }
    const { configs } = topic
    const unset = Object.entries(atDefault).filter(([setting]) => !(setting in configs))
    return { name, error: 'NONE' as const, configs, defaults: Object.fromEntries(unset) }
  })
  return { api: 'DescribeConfigs', topics: answers }
}
