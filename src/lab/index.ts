// The public door of the package: import { run, parseScenario } from 'highwater'.

export type { RunResult, RunsDocument, SweepSummary } from '../contract.ts'
export { parseScenario, scenarioOf } from '../scenario/parse.ts'
export { withoutFaults } from '../scenario/twin.ts'
export { UsageError } from '../scenario/usage-error.ts'
export { type RunOptions, run } from './run.ts'
