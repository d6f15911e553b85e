// Two data centres with two brokers each, with or without a third site for the quorum.

export const TWO_DC = {
  regions: { dc1: {}, dc2: {} },
  network: { rtt: { 'dc1 ~ dc2': '10ms' } },
  cluster: { brokers: { dc1: 2, dc2: 2 }, controllers: { dc1: 2, dc2: 1 } },
}

export const WITH_WITNESS = {
  regions: { dc1: {}, dc2: {}, witness: {} },
  network: { rtt: { 'dc1 ~ dc2': '10ms', 'dc1 ~ witness': '20ms', 'dc2 ~ witness': '20ms' } },
  cluster: { brokers: { dc1: 2, dc2: 2 }, controllers: { dc1: 1, dc2: 1, witness: 1 } },
}

export const QUORUM_OF = { dc1: 5, dc2: 6, witness: 7 } as const
