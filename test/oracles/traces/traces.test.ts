import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { GuardName } from '../../../src/kafka/version.ts'
import type { Trace, TraceStep } from './kip-966/format.ts'
import { Kip966Replay } from './kip-966/replay.ts'
import { runFile } from './trace-file.ts'

const DIR = fileURLToPath(new URL('./vectors', import.meta.url))

/** Steps, and how many of them agree only by a rule: flagged by the trace, or known to part. */
const FILES = [
  ['kip-966-elr.jsonl', 2455, 32, 51],
  ['kip-966-noelr.jsonl', 1909, 33, 32],
  ['kip-966-reassign.jsonl', 2050, 18, 44],
  ['kip-966-unclean.jsonl', 2871, 42, 21],
  ['raft-prevote.jsonl', 1891, 0, 119],
] as const

test.each(FILES)('%s: handlers send and become what the trace says', (file, ...counts) => {
  const { steps, passed, flagged, known, first } = runFile(DIR, file)
  expect(first).toBeNull()
  expect([steps, count(flagged), count(known)]).toEqual(counts)
  expect(passed + count(flagged) + count(known)).toBe(steps)
})

test.each<[GuardName, string]>([
  ['isrExpandNeedsEpochStart', 'elr'],
  ['minIsrGatesHighWatermark', 'noelr'],
  ['maximalIsrForHighWatermark', 'reassign'],
  ['pendingIsrStaysOnVersionError', 'elr'],
  ['fencedReplicaBarredFromIsr', 'noelr'],
  ['uncleanReplicaLeavesElr', 'elr'],
  ['epochFencingOfFetch', 'elr'],
  ['lastKnownLeaderMustBeActive', 'unclean'],
])('without the guard %s a trace of %s goes another way', (guard, file) => {
  const replays = tracesOf(file).map((trace) => new Kip966Replay(trace, { [guard]: false }).run())
  expect(replays.flatMap(({ differences }) => differences).length).toBeGreaterThan(0)
})

test('a difference names the step, and what changed beside the trace counts as one', () => {
  const [trace] = tracesOf('elr')
  const at = trace?.steps.findIndex(({ after }) => after.controller?.partition !== undefined) ?? -1
  const step = trace?.steps[at]
  if (trace === undefined || step === undefined) throw new Error('no step changes the partition')
  const silent: TraceStep = { ...step, after: { ...step.after, controller: {} } }
  const steps = trace.steps.with(at, silent)
  const [first] = new Kip966Replay({ ...trace, steps }).run().differences
  expect(first).toMatchObject({ trace: trace.name, step: at })
  expect(first?.path).toMatch(/^state\.controller/)
})

test('a message that the trace does not send is a difference', () => {
  const [trace] = tracesOf('elr')
  const at = trace?.steps.findIndex(({ sent }) => sent !== undefined) ?? -1
  const step = trace?.steps[at]
  if (trace === undefined || step === undefined) throw new Error('no step sends anything')
  const { sent: _, ...silent } = step
  const [first] = new Kip966Replay({ ...trace, steps: trace.steps.with(at, silent) }).run()
    .differences
  expect(first).toMatchObject({ step: at, path: 'sent' })
})

test('after a difference the rest of a trace is compared all the same', () => {
  let tampered = 0
  for (const trace of tracesOf('reassign')) {
    const at = trace.steps.findIndex((step, i) => i > 12 && step.case === 'APPENDED')
    const step = trace.steps[at]
    if (step === undefined) continue
    tampered++
    const steps = trace.steps.with(at, { ...step, case: 'EMPTY' })
    const { differences } = new Kip966Replay({ ...trace, steps }).run()
    expect(differences).toMatchObject([{ step: at, path: 'case' }])
  }
  expect(tampered).toBeGreaterThan(20)
})

function tracesOf(name: string): Trace[] {
  const text = readFileSync(`${DIR}/kip-966-${name}.jsonl`, 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Trace)
}

function count(kinds: Readonly<Record<string, number>>): number {
  return Object.values(kinds).reduce((a, b) => a + b, 0)
}
