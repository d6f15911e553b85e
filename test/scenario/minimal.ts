// A small valid scenario, and what one change makes of it.

import { type Parsed, parseScenario } from '../../src/scenario/parse.ts'

export const MINIMAL = `
regions:
  east: { zones: [a, b] }
  west: {}
network:
  rtt: { east ~ west: 50ms }
cluster:
  brokers: { east: 2, west: 1 }
  controllers: { east: 1, west: 2 }
topics:
  - { name: orders, partitions: 2, replicationFactor: 3 }
producers:
  - { name: shop, region: east, topic: orders, rate: 100/s }
consumers:
  - { name: billing, region: west, topic: orders }
`

/** The minimal file with one text replaced, and lines appended. */
export function changed(from: string, to: string, more = ''): Parsed {
  if (!MINIMAL.includes(from)) throw new Error(`the minimal scenario has no "${from}"`)
  return parseScenario(MINIMAL.replace(from, to) + more, 'test.yaml')
}

export function appended(more: string): Parsed {
  return parseScenario(MINIMAL + more, 'test.yaml')
}

/** 'path: message' of each problem, the short form for expectations. */
export function told({ problems }: Parsed): string[] {
  return problems.map(({ path, message }) => `${path}: ${message}`)
}
