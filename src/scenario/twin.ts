// The same scenario on a quiet day: what its objectives must survive before any fault is blamed.

import type { Scenario } from './model.ts'

/** The scenario without faults, planned switches and expectations about them. */
export function withoutFaults(scenario: Scenario): Scenario {
  return {
    ...scenario,
    name: `${scenario.name}-without-faults`,
    faults: [],
    randomFaults: null,
    runbooks: scenario.runbooks.filter(({ detect }) => detect.kind !== 'planned'),
    expect: null,
  }
}
