// How long after the last fault a link has caught up, by the timers of its system.

import type { LinkSpec, MirrorMaker2Spec } from '../../scenario/links.ts'

/** Time-outs of Kafka's clients, TCP's doubling waits, and the next refresh of topics. */
const CLIENTS_MS = 80_000

/** Of scheduled.rebalance.max.delay.ms; five minutes unless it is written. */
const REBALANCE_DELAY_MAX_MS = 5_000

/**
 * null: it may stand still for longer than any run lasts. Two workers of Connect without its REST
 * between them may do so for good; and the tasks of a worker whose session has ended wait for it as
 * long as scheduled.rebalance.max.delay.ms says, its own return or not (KIP-415).
 */
export function quietMsOf(link: LinkSpec, isUndisturbed: boolean): number | null {
  switch (link.system) {
    case 'mirror-maker2':
    case 'connect':
    case 'replicator':
    case 'mirus':
      return link.workers.length === 1 && (isUndisturbed || isPrompt(link)) ? CLIENTS_MS : null
    case 'cluster-link':
    case 'cluster-mirror':
      // They wait ever longer, and then give up and say so.
      return isUndisturbed ? CLIENTS_MS : null
    case 'mirror-maker1':
    case 'brooklin':
      return CLIENTS_MS
    case 'ureplicator':
      return CLIENTS_MS
    case 'flink':
      return CLIENTS_MS
  }
}

function isPrompt({ worker }: Pick<MirrorMaker2Spec, 'worker'>): boolean {
  return worker['scheduled.rebalance.max.delay.ms'] <= REBALANCE_DELAY_MAX_MS
}
