// MirrorMaker 2's connectors on a Connect cluster as a system of patterns: with transforms between.

import { flowConfig, mirrorMaker2 } from './mirror-maker2-system.ts'
import { endsOf, storageOf, workerDies } from './parts.ts'
import type { LinkSystem } from './topology.ts'

/** Records pass it as they are; a number above 0 leaves that share of them out. */
const TRANSFORMS = [{ filter: 0 }]

export const connect: LinkSystem = {
  ...mirrorMaker2,
  name: 'connect',
  why:
    'A Connect cluster at the target runs MirrorMaker 2’s connectors, with transforms of one’s ' +
    'own on the way: a filter leaves gaps that offset translation must bridge, a router sends ' +
    'records where it does not look, and slow code caps each task. The copy is called ' +
    'SOURCE.orders; replication.factor is not taken from the source and would be 2.',
  link(flow) {
    const [source, target] = endsOf(flow)
    return {
      system: 'connect',
      from: source,
      to: target,
      workers: { [flow.to.name]: 1 },
      config: flowConfig(flow),
      ...storageOf(flow),
      transforms: TRANSFORMS,
    }
  },
  ideas: (flow, at) => [workerDies('connect', flow, at)],
}
