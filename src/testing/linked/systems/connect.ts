// MirrorMaker 2's connectors on a Connect cluster, with transforms between poll and send.

import fc from 'fast-check'
import { sometimes } from '../../plain.ts'
import { type AnyCarrier, copiesOf, type Edge, listed, processNames } from '../edge.ts'
import { flow, flowConfig, placed, workerConfig } from './mirror-maker2.ts'

const etl = fc.record({
  flow,
  dropsPercent: sometimes(fc.integer({ min: 1, max: 60 })),
  workMicros: sometimes(fc.integer({ min: 10, max: 2_000 })),
  isRouted: sometimes(fc.constant(true)),
})
type EtlChoices = typeof etl extends fc.Arbitrary<infer T> ? T : never

export const connect: AnyCarrier = etl.map((of) => ({
  system: 'connect',
  lay: (edge) => ({
    links: [
      {
        system: 'connect' as const,
        ...placed(of.flow, edge),
        config: flowConfig(of.flow, edge),
        worker: workerConfig(of.flow, edge),
        transforms: transformsOf(of, edge),
      },
    ],
    copies: of.isRouted === true ? routedOf(edge).map((one) => one.created) : [],
    standing: copiesOf(edge),
    processes: processNames('connect', edge, of.flow.workers),
  }),
}))

function transformsOf({ dropsPercent, workMicros, isRouted }: EtlChoices, edge: Edge) {
  const routes = isRouted === true ? routedOf(edge) : []
  return [
    ...(dropsPercent === undefined ? [] : [{ filter: dropsPercent / 100 }]),
    ...(workMicros === undefined ? [] : [{ work: `${workMicros}us` }]),
    ...routes.map(({ route }) => ({ route })),
  ]
}

/** A router sends the first topic's copy elsewhere, where no offset sync looks. */
function routedOf(edge: Edge) {
  const created = listed(edge).slice(0, 1)
  return created.map((copy) => {
    const name = `etl.${copy.name}`
    const route = { regex: copy.name.replaceAll('.', '\\.'), replacement: name }
    return { route, created: { ...copy, name } }
  })
}
