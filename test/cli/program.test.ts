import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCli } from '../../src/cli/program.ts'
import { fixtureResult } from '../support/fixture-result.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'

// The verbs are thin: what they do with a result is told apart from how a result comes about.
const outcome = vi.hoisted(() => ({
  next: (seed: string | null) => seed as unknown,
  asked: [] as unknown[],
}))
vi.mock('../../src/cli/job.ts', () => ({
  execute: (job: { seed: string | null }) => outcome.next(job.seed),
  resultOf: (job: { seed: string | null }) => {
    outcome.asked.push(job)
    return (outcome.next(job.seed) as { result: unknown }).result
  },
  followedOf: (job: { seed: string | null }, record: string) => {
    const { result } = outcome.next(job.seed) as { result: unknown }
    return { result, life: { moments: [], cause: null, place: `${record} at offset 7` } }
  },
}))
vi.mock('../../src/cli/pool.ts', () => ({
  runJobs: async (
    jobs: { seed: string | null }[],
    onDone: (index: number, outcome: unknown) => void,
  ) => {
    // The last job ends first, as threads may have it.
    for (const index of jobs.map((_, i) => i).reverse()) {
      onDone(index, outcome.next(jobs[index]?.seed ?? null))
    }
  },
}))

const SCENARIO = 'q05-active-controller-region'
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'highwater-cli-'))
  outcome.next = (seed) => ({ kind: 'result', result: fixtureResult({ seed: seed ?? '81723' }) })
})
afterEach(() => rmSync(folder, { recursive: true }))

async function cli(...words: string[]) {
  const terminal = memoryTerminal()
  const code = await runCli(words, terminal)
  return { code, out: terminal.outText(), err: terminal.errText() }
}

describe('highwater run', () => {
  it('prints a report and leaves 0 when every objective is met', async () => {
    const { code, out } = await cli('run', SCENARIO)
    expect(code).toBe(0)
    expect(out).toContain('Verdict: met')
    expect(out).not.toContain('\u001b')
  })

  it.each([
    ['missed', 1],
    ['unknown', 3],
  ] as const)('leaves the code of a verdict %s', async (verdict, expected) => {
    outcome.next = () => ({ kind: 'result', result: fixtureResult({ verdict }) })
    expect((await cli('run', SCENARIO)).code).toBe(expected)
  })

  it('prints one JSON document with the figures that a pipeline asks for', async () => {
    const { out } = await cli('run', SCENARIO, '--json')
    const keys = ['scenario', 'seed', 'digest', 'verdict', 'objectives', 'rpo', 'rto']
    expect(Object.keys(JSON.parse(out))).toEqual(expect.arrayContaining(keys))
  })

  it('runs the seeds that follow and summarises them in their order', async () => {
    const { out } = await cli('run', SCENARIO, '--seed', '7', '--seeds', '3', '--json')
    const { runs, summary } = JSON.parse(out)
    expect(runs.map((run: { seed: string }) => run.seed)).toEqual(['7', '8', '9'])
    expect(summary.rto.produceMs).toEqual({ p5: 14_704, p50: 14_704, p95: 14_704 })
  })

  it('leaves the worst code of several runs: bad input, missed, unknown, met', async () => {
    const verdicts: Record<string, unknown> = {
      '1': { kind: 'result', result: fixtureResult({ verdict: 'unknown' }) },
      '2': { kind: 'result', result: fixtureResult({ verdict: 'missed' }) },
      '3': { kind: 'refused', message: 'too many events: raise limits.events', problems: [] },
    }
    outcome.next = (seed) => verdicts[seed ?? '']
    expect((await cli('run', SCENARIO, '--seed', '1', '--seeds', '2')).code).toBe(1)
    const all = await cli('run', SCENARIO, '--seed', '1', '--seeds', '3')
    expect(all.code).toBe(2)
    expect(all.err).toContain('limits.events')
  })

  it('writes one whole file a run, and the summary', async () => {
    await cli('run', SCENARIO, '--seed', '7', '--seeds', '2', '--format', 'junit', '--out', folder)
    const files = readdirSync(folder).sort()
    expect(files).toEqual([`${SCENARIO}-7.xml`, `${SCENARIO}-8.xml`, 'summary.json'])
    expect(readFileSync(join(folder, `${SCENARIO}-7.xml`), 'utf8')).toContain('<testsuite')
  })

  it('writes two scenarios of one name side by side', async () => {
    const text = 'scenario: same\nregions: {}\n'
    const paths = ['a.yaml', 'b.yaml'].map((name) => join(folder, name))
    for (const path of paths) writeFileSync(path, text)
    const out = join(folder, 'out')
    await cli('run', ...paths, '--seed', '7', '--json', '--out', out)
    const files = readdirSync(out).sort()
    expect(files).toEqual([`${SCENARIO}-7.json`, `${SCENARIO}-7~2.json`, 'summary.json'])
  })

  it('refuses a folder that is a file', async () => {
    const path = join(folder, 'taken')
    writeFileSync(path, '')
    const { code, err } = await cli('run', SCENARIO, '--out', path)
    expect(code).toBe(2)
    expect(err).toContain('name another folder')
  })

  it('runs the good one of two files over several seeds, and refuses the other', async () => {
    const path = join(folder, 'bad.yaml')
    writeFileSync(path, 'regions: 7\n')
    outcome.next = (seed) =>
      seed === null
        ? { kind: 'refused', message: 'bad.yaml:1:1: regions', problems: [] }
        : { kind: 'result', result: fixtureResult({ seed }) }
    const { code, out, err } = await cli('run', SCENARIO, path, '--seeds', '2', '--json')
    expect(code).toBe(2)
    expect(JSON.parse(out).runs).toHaveLength(2)
    expect(err).toContain('bad.yaml')
  })

  it('refuses formats that cannot hold several runs, naming the way out', async () => {
    const { code, err } = await cli('run', SCENARIO, '--seeds', '2', '--format', 'csv')
    expect(code).toBe(2)
    expect(err).toContain('--out DIR')
  })

  it('puts metrics at the time that they are asked for, in seconds or as a date', async () => {
    const words = ['run', SCENARIO, '--format', 'openmetrics', '--epoch']
    const { code, out } = await cli(...words, '1970-01-12T13:46:40Z')
    expect(code).toBe(0)
    expect(out).toMatch(/^highwater_acked_records_rate\{.*\} \d+(\.\d+)? 1000000\.25$/m)
    expect((await cli(...words, '1000000')).out).toBe(out)
    expect((await cli(...words, 'noon')).code).toBe(2)
  })

  it('refuses a time of the world where the format has none', async () => {
    const { code, err } = await cli('run', SCENARIO, '--epoch', '1000000')
    expect(code).toBe(2)
    expect(err).toContain('--format openmetrics')
  })

  it('names a scenario that does not exist and where to look', async () => {
    const { code, err } = await cli('run', 'no-such-scenario')
    expect(code).toBe(2)
    expect(err).toContain('no-such-scenario')
    expect(err).toContain('highwater list')
  })

  it.each([
    ['run'],
    ['run', SCENARIO, '--seeds', '0'],
    ['run', SCENARIO, '--until', 'later'],
    ['run', SCENARIO, '--format', 'pdf'],
    ['dance'],
  ])('leaves 2 for wrong usage: %s %s %s %s', async (...words) => {
    expect((await cli(...words.filter((word) => word !== undefined))).code).toBe(2)
  })
})

describe('the other verbs', () => {
  it('validate names every problem of a file and leaves 2', async () => {
    const path = join(folder, 'broken.yaml')
    writeFileSync(path, 'regions: 7\nfautls: []\n')
    const { code, err } = await cli('validate', path)
    expect(code).toBe(2)
    expect(err).toContain('broken.yaml:1')
    expect(err).toContain('fautls')
    expect((await cli('validate', SCENARIO)).code).toBe(0)
  })

  it('list prints each scenario with its question', async () => {
    const { out } = await cli('list')
    expect(out).toContain(SCENARIO)
    expect(out).toContain('?')
  })

  it('describe prints the tables as Kafka does', async () => {
    const { out } = await cli('describe', SCENARIO, '--at', '20s')
    expect(out).toContain('Topic: orders\tPartition: 0\tLeader: 4\tReplicas: 1,4,7\tIsr: 4,7,1')
    expect(out).toContain('LeaderId:')
    const late = await cli('describe', SCENARIO, '--at', '1h')
    expect(late).toMatchObject({ code: 2, err: expect.stringContaining('the run ends at') })
  })

  it('why walks from an event back to the fault', async () => {
    const { out } = await cli('why', SCENARIO, '--event', '5')
    expect(out.trim().split('\n')).toHaveLength(5)
    expect(out).toMatch(/^ +14\.200 s {2}fault: us-east-1 lost/)
    expect((await cli('why', SCENARIO, '--event', '99')).code).toBe(2)
    const life = await cli('why', SCENARIO, '--record', 'shop/orders-0/3')
    expect(life.out).toBe('in the end: shop/orders-0/3 at offset 7\n')
  })

  it('replay tells an equal digest from another, and the first event that differs', async () => {
    const path = join(folder, 'result.json')
    writeFileSync(path, JSON.stringify(fixtureResult()))
    expect(await cli('replay', path)).toMatchObject({ code: 0 })
    const changed = { ...fixtureResult(), digest: 'ffff', timeline: [] }
    writeFileSync(path, JSON.stringify(changed))
    const { code, out } = await cli('replay', path)
    expect(code).toBe(1)
    expect(out).toContain('first at 14.200 s: fault us-east-1 lost')
    expect((await cli('replay', join(folder, 'none.json'))).code).toBe(2)
  })

  it('replay runs the file that was run, as far as it was run', async () => {
    const path = join(folder, 'result.json')
    const file = join(folder, 'own.yaml')
    writeFileSync(file, 'regions: {}\n')
    writeFileSync(path, JSON.stringify({ ...fixtureResult(), file, untilMs: 1_500.5 }))
    expect(await cli('replay', path)).toMatchObject({ code: 0 })
    expect(outcome.asked.at(-1)).toMatchObject({ file: { path: file }, until: 1_500_500 })
  })

  it('schema prints JSON Schema', async () => {
    const { out } = await cli('schema')
    expect(JSON.parse(out)).toMatchObject({ type: 'object' })
  })

  it('help teaches with examples and leaves 0', async () => {
    const { code, out } = await cli('run', '--help')
    expect(code).toBe(0)
    expect(out).toContain('$ highwater run')
  })
})
