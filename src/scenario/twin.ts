// The same scenario on a quiet day: what its objectives must survive before any fault is blamed.

import type { Scenario } from './model.ts'

/** The scenario without faults and without expectations about them. */
export function withoutFaults(scenario: Scenario): Scenario {
  return {
    ...scenario,
    name: `${scenario.name}-without-faults`,
    faults: [],
    randomFaults: null,
    expect: null,
  }
}
