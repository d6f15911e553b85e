// How long after the last fault a link has caught up, by the timers of its system.

import type { LinkSpec } from '../../scenario/links.ts'

/** Time-outs of Kafka's clients, TCP's doubling waits, and the next refresh of topics. */
const CLIENTS_MS = 80_000

/**
 * null: it may stand still for longer than any run lasts. Two workers of Connect without its REST
 * between them may do so for good; a dead worker's tasks wait scheduled.rebalance.max.delay.ms.
 */
export function quietMsOf(link: LinkSpec): number | null {
  switch (link.system) {
    case 'mirror-maker2':
    case 'connect':
    case 'replicator':
    case 'mirus':
      return link.workers.length === 1 ? CLIENTS_MS : null
    case 'cluster-link':
    case 'cluster-mirror':
      return null
    case 'mirror-maker1':
    case 'brooklin':
      return CLIENTS_MS
    case 'ureplicator':
      return CLIENTS_MS
    case 'flink':
      return CLIENTS_MS
  }
}
