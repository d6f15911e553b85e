import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import FlatQueue from 'flatqueue'
import { NEVER } from '../../src/sim/time.ts'
import { Scheduler } from './engine.ts'

/**
 * One run of the hold model: pop the earliest event, schedule the same id again. The clock is
 * the CPU time of the process, so that whoever else is at work on the machine is left out; of
 * Node it contains what its compiler and collector threads take.
 */
export interface Hold {
  /** Millions of operations a second. */
  readonly opsPerMicrosecond: number
  /** Hash over the ids in the order of their pops: equal for every correct queue. */
  readonly orderHash: number
  readonly clock: number
}

const TABLE_MASK = 65_535

/** Delays of 1 to 20,000 µs by xorshift32; hold.cpp makes the same ones. */
function increments(): Int32Array {
  const table = new Int32Array(TABLE_MASK + 1)
  let x = 12_345
  for (let i = 0; i < table.length; i++) {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    table[i] = 1 + ((x >>> 0) % 20_000)
  }
  return table
}

/** The kernel itself: dispatch through the handler table and digest included. */
export function holdOfWheel(pending: number, operations: number): Hold {
  const scheduler = new Scheduler()
  const table = increments()
  let drawn = 0
  let hash = 0
  const handler = scheduler.register((id) => {
    hash = (Math.imul(hash, 31) + id) | 0
    scheduler.post(table[drawn++ & TABLE_MASK] as number, handler, id, 0, undefined)
  })
  for (let id = 0; id < pending; id++) {
    scheduler.post(table[drawn++ & TABLE_MASK] as number, handler, id, 0, undefined)
  }
  const start = process.cpuUsage()
  scheduler.run(NEVER, operations)
  const opsPerMicrosecond = operations / cpuMicrosSince(start)
  return { opsPerMicrosecond, orderHash: hash >>> 0, clock: scheduler.now }
}

/** npm's flatqueue, in its fastest form: typed arrays of the right size. It breaks no ties. */
export function holdOfPeer(pending: number, operations: number): Hold {
  const queue = new FlatQueue(pending)
  const table = increments()
  let drawn = 0
  let hash = 0
  let now = 0
  for (let id = 0; id < pending; id++) queue.push(id, table[drawn++ & TABLE_MASK] as number)
  const start = process.cpuUsage()
  for (let i = 0; i < operations; i++) {
    now = queue.peekValue() as number
    const id = queue.pop() as number
    hash = (Math.imul(hash, 31) + id) | 0
    queue.push(id, now + (table[drawn++ & TABLE_MASK] as number))
  }
  const opsPerMicrosecond = operations / cpuMicrosSince(start)
  return { opsPerMicrosecond, orderHash: hash >>> 0, clock: now }
}

function cpuMicrosSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return Math.max(1, user + system)
}

/** The C++ side, compiled once for `use`; null where there is no compiler. */
export function withCppHold<T>(
  use: (hold: ((pending: number, operations: number) => Hold) | null) => T,
): T {
  const directory = mkdtempSync(join(tmpdir(), 'highwater-hold-'))
  try {
    const binary = join(directory, 'hold')
    return use(
      compiled(binary) ? (pending, operations) => holdOfCpp(binary, pending, operations) : null,
    )
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function compiled(binary: string): boolean {
  const source = fileURLToPath(new URL('../../test/bench/hold.cpp', import.meta.url))
  try {
    execFileSync('g++', ['-O3', '-o', binary, source], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** `std::priority_queue` by (time, sequence), g++ -O3: a fresh process and queue. */
function holdOfCpp(binary: string, pending: number, operations: number): Hold {
  const printed = execFileSync(binary, [String(pending), String(operations)], { encoding: 'utf8' })
  const [ops, orderHash, clock] = printed.trim().split(' ').map(Number)
  return { opsPerMicrosecond: ops ?? 0, orderHash: orderHash ?? 0, clock: clock ?? 0 }
}
