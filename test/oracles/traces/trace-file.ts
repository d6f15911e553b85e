import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Trace as ReplicationTrace } from './kip-966/format.ts'
import { Kip966Replay } from './kip-966/replay.ts'
import { ACTIONS as REPLICATION_ACTIONS } from './kip-966/steps.ts'
import type { Trace as QuorumTrace } from './raft/format.ts'
import { ACTIONS as QUORUM_ACTIONS, RaftReplay } from './raft/replay.ts'
import type { Replayed, TraceDifference } from './replayed.ts'

/** What the specification itself marks in a trace. */
const FLAGS = ['EMPTY_EPOCH', 'HW_MAY_BE_HELD']

export interface FileResult {
  readonly file: string
  readonly traces: number
  readonly steps: number
  readonly passed: number
  /** Steps that the trace flags, by flag; they agree by the flag's rule. */
  readonly flagged: Readonly<Record<string, number>>
  /** Steps at which the specification is known to part from Kafka, by rule. */
  readonly known: Readonly<Record<string, number>>
  readonly different: number
  readonly first: TraceDifference | null
}

/** The folder or a file cannot be replayed at all; the message names it. */
export class UnreadableTraces extends Error {}

/** The trace files of a folder, by name. */
export function traceFiles(dir: string): string[] {
  let names: string[]
  try {
    names = readdirSync(dir)
  } catch (error) {
    throw new UnreadableTraces(`${dir}: ${messageOf(error)}`)
  }
  const files = names.filter((name) => /^(kip-966|raft)-.*\.jsonl?$/.test(name)).sort()
  if (files.length === 0) {
    throw new UnreadableTraces(`${dir}: no trace files (kip-966-*.json, raft-*.json)`)
  }
  return files
}

/** Replays every trace of a file on the production classes. */
export function runFile(dir: string, file: string): FileResult {
  const replayed = linesOf(join(dir, file)).map(({ text, where }) =>
    file.startsWith('raft') ? replayQuorum(text, where) : replayReplication(text, where),
  )
  const differences = replayed.flatMap((result) => result.differences)
  const explained = total(replayed.map((result) => result.explained))
  const isFlag = ([kind]: [string, number]) => FLAGS.includes(kind)
  return {
    file,
    traces: replayed.length,
    steps: sum(replayed.map((result) => result.steps)),
    passed: sum(replayed.map((result) => result.passed)),
    flagged: Object.fromEntries(Object.entries(explained).filter(isFlag)),
    known: Object.fromEntries(Object.entries(explained).filter((entry) => !isFlag(entry))),
    different: differences.length,
    first: differences[0] ?? null,
  }
}

interface Line {
  readonly text: string
  readonly where: string
}

function linesOf(path: string): Line[] {
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UnreadableTraces(`${path}: ${messageOf(error)}`)
  }
  const lines = content.split('\n').map((text, i) => ({ text, where: `${path}:${i + 1}` }))
  const traces = lines.filter(({ text }) => text.trim() !== '')
  if (traces.length === 0) throw new UnreadableTraces(`${path}: no traces, one a line`)
  return traces
}

function replayReplication(text: string, where: string): Replayed {
  const trace = parse(text, where, REPLICATION_ACTIONS) as unknown as ReplicationTrace
  if (!hasKeys(trace.init, ['controller', 'brokers']) || !hasKeys(trace.constants, ['MinISR'])) {
    throw new UnreadableTraces(`${where}: expected constants.MinISR, init.controller, init.brokers`)
  }
  return built(where, () => new Kip966Replay(trace)).run()
}

function replayQuorum(text: string, where: string): Replayed {
  const trace = parse(text, where, QUORUM_ACTIONS) as unknown as QuorumTrace
  if (!hasKeys(trace.init, ['voters', 'cutLinks'])) {
    throw new UnreadableTraces(`${where}: expected init.voters and init.cutLinks`)
  }
  return built(where, () => new RaftReplay(trace)).run()
}

/** A first state that cannot be loaded is bad input. */
function built<R>(where: string, build: () => R): R {
  try {
    return build()
  } catch (error) {
    throw new UnreadableTraces(`${where}: the first state: ${messageOf(error)}`)
  }
}

function parse(text: string, where: string, actions: ReadonlySet<string>): object {
  let trace: { name?: unknown; steps?: unknown }
  try {
    trace = JSON.parse(text)
  } catch (error) {
    throw new UnreadableTraces(`${where}: ${messageOf(error)}`)
  }
  if (!hasKeys(trace, ['name', 'init', 'steps']) || !Array.isArray(trace.steps)) {
    throw new UnreadableTraces(`${where}: expected {"name", "init", "steps": [...]}`)
  }
  for (const [i, step] of trace.steps.entries()) {
    if (!hasKeys(step, ['action', 'after'])) {
      throw new UnreadableTraces(`${where}: step ${i} has no action or no after`)
    }
    const { action } = step as { action: string }
    if (!actions.has(action)) {
      throw new UnreadableTraces(`${where}: step ${i} has an unknown action '${action}'`)
    }
  }
  return trace
}

function hasKeys(value: unknown, keys: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && keys.every((key) => key in value)
}

function total(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const result: Record<string, number> = {}
  for (const count of counts) {
    for (const [kind, n] of Object.entries(count)) result[kind] = (result[kind] ?? 0) + n
  }
  return result
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
