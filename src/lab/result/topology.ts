// The places and clients of a scenario as a result shows them.

import type { Topology } from '../../contract.ts'
import type { ProducerSpec, Scenario } from '../../scenario/model.ts'

/** What the scenario says, not what a run made of it. */
export function topologyOf(scenario: Scenario): Topology {
  const { regions, clusters, producers, consumers } = scenario
  return {
    regions: regions.map(({ name, cloud }) => ({ name, cloud })),
    brokers: clusters.flatMap(({ name: cluster, nodes }) =>
      nodes.map(({ id, region, zone, roles }) => ({ id, cluster, region, zone, roles })),
    ),
    links: pairsOf(scenario),
    clients: [
      ...producers.map((spec) => ({
        name: spec.name,
        kind: 'producer' as const,
        region: spec.region,
        text: loadText(spec),
      })),
      ...consumers.map(({ name, region, topic }) => ({
        name,
        kind: 'consumer' as const,
        region,
        text: `reads ${topic}`,
      })),
    ],
  }
}

function pairsOf({ network }: Scenario): Topology['links'] {
  const pairs: { a: string; b: string; rttMs: number }[] = []
  for (const there of network.links) {
    const back = network.links.find((l) => l.from === there.to && l.to === there.from)
    if (back === undefined || pairs.some((p) => p.a === there.to && p.b === there.from)) continue
    pairs.push({ a: there.from, b: there.to, rttMs: (there.delay + back.delay) / 1000 })
  }
  return pairs
}

function loadText({ load, config }: ProducerSpec): string {
  const acks = `acks=${config.acks}`
  if (load.kind === 'closed') return `${load.inFlight} at a time ${acks}`
  const rate = Math.max(0, ...load.steps.map((step) => step.recordsPerSecond))
  return `${rate} rec/s ${acks}`
}
