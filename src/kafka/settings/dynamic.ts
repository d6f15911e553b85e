// Models: which settings of brokers can be changed while they run, and which of them do something.
// Leaves out: those that Kafka changes at run time and the model reads once, as a node starts.
// Source: kafka.server.DynamicBrokerConfig.AllDynamicConfigs, DynamicLogConfig, DynamicThreadPool.

import { BROKER_SETTINGS, TOPIC_DEFAULT_FROM_BROKER } from './modelled.ts'

/** Settings that stand behind those of topics: they take effect on a running broker. */
const FOLLOWED: readonly string[] = Object.values(TOPIC_DEFAULT_FROM_BROKER)
/** Kafka takes them at run time; here they stay as they were. */
const KEPT: readonly string[] = ['num.replica.fetchers', 'producer.id.expiration.ms']

/** What an order to change a broker's setting comes to. */
export type Change = 'followed' | 'kept' | 'refused'

/** null for a setting that is not modelled, which has no effect at any time. */
export function changeAtRunTime(name: string): Change | null {
  if (FOLLOWED.includes(name)) return 'followed'
  if (KEPT.includes(name)) return 'kept'
  return name in BROKER_SETTINGS ? 'refused' : null
}
