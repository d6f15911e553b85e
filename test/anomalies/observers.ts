// Confluent's two regions with two brokers each and a third for the quorum; replicas in the west,
// observers in the east.

export const WEST_AND_EAST = {
  regions: { west: {}, east: {}, central: {} },
  network: { rtt: { 'west ~ east': '60ms', 'west ~ central': '40ms', 'east ~ central': '40ms' } },
  cluster: {
    brokers: [
      { id: 1, region: 'west' },
      { id: 2, region: 'west' },
      { id: 3, region: 'east' },
      { id: 4, region: 'east' },
    ],
    controllers: { west: 1, central: 1, east: 1 },
  },
}

const WEST = { count: 2, constraints: { rack: 'west' } }
const EAST = { count: 2, constraints: { rack: 'east' } }

export type Policy = 'none' | 'under-min-isr' | 'under-replicated' | 'leader-is-observer'

/** Two observers, and when they may enter the ISR. */
export function observed(policy: Policy) {
  const placement = { version: 2, replicas: [WEST], observers: [EAST] }
  return { placement: { ...placement, observerPromotionPolicy: policy } }
}

/** All four are replicas. */
export const SYNCHRONOUS = { placement: { version: 2, replicas: [WEST, EAST] } }
