import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Job, Outcome } from '../../src/cli/job.ts'
import { runCli } from '../../src/cli/program.ts'
import { fixtureResult } from '../support/fixture-result.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'

// What is compared comes from elsewhere; here it is which runs are asked for, and what is printed.
const pool = vi.hoisted(() => ({
  asked: [] as { file: { path: string }; seed: string | null }[],
  outcome: (_: { file: { path: string }; seed: string | null }): unknown => null,
}))
vi.mock('../../src/cli/pool.ts', () => ({
  runJobs: async (jobs: Job[], onDone: (index: number, outcome: Outcome) => void) => {
    pool.asked = jobs
    // The last job ends first, as threads may have it.
    for (const [index, job] of [...jobs.entries()].reverse()) {
      onDone(index, pool.outcome(job) as Outcome)
    }
  },
}))

const [A, B] = ['q05-another-region', 'q05-active-controller-region']
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'highwater-compare-'))
  pool.outcome = ({ seed }) => ({ kind: 'result', result: fixtureResult({ seed: seed ?? '' }) })
})
afterEach(() => rmSync(folder, { recursive: true }))

async function cli(...words: string[]) {
  const terminal = memoryTerminal()
  const code = await runCli(words, terminal)
  return { code, out: terminal.outText(), err: terminal.errText() }
}

describe('highwater compare', () => {
  it('runs every design with the same seeds, from the first one’s own on', async () => {
    await cli('compare', A, B, '--seeds', '2')
    expect(pool.asked.map(({ file, seed }) => [file.path, seed])).toEqual([
      [A, 'q05b'],
      [B, 'q05b'],
      [A, 'q05b+1'],
      [B, 'q05b+1'],
    ])
    await cli('compare', B, A, '--seed', '7')
    expect(pool.asked).toHaveLength(40)
    expect(pool.asked[39]?.seed).toBe('26')
  })

  it('prints the designs beside one another, without colours where none may be', async () => {
    const { code, out } = await cli('compare', A, B, '--seeds', '6')
    expect(code).toBe(0)
    expect(out).toContain(`  A  ${A}\n  B  ${B}\n`)
    expect(out).toContain('For the decision record')
    expect(out).not.toContain('\u001b')
  })

  it('prints JSON and Markdown with the sentence in them', async () => {
    const { out } = await cli('compare', A, B, '--seeds', '6', '--json')
    const { sentence, designs } = JSON.parse(out)
    expect(designs.map(({ name }: { name: string }) => name)).toEqual([A, B])
    const markdown = await cli('compare', A, B, '--seeds', '6', '--format', 'md')
    expect(markdown.out).toContain(sentence)
  })

  it('leaves the worst code: bad input, missed, unknown, met', async () => {
    const [objective] = fixtureResult().objectives
    const withVerdict = (verdict: 'missed' | 'unknown') => ({
      kind: 'result',
      result: fixtureResult({
        seed: '1',
        objectives: objective === undefined ? [] : [{ ...objective, verdict }],
      }),
    })
    const verdicts: Record<string, unknown> = {
      [A]: withVerdict('unknown'),
      [B]: withVerdict('unknown'),
    }
    pool.outcome = ({ file }) => verdicts[file.path]
    const compare = () => cli('compare', A, B, '--seed', '1', '--seeds', '1')
    expect((await compare()).code).toBe(3)
    verdicts[B] = withVerdict('missed')
    expect((await compare()).code).toBe(1)
    verdicts[A] = { kind: 'refused', message: 'too many events: raise limits.events', problems: [] }
    const { code, err, out } = await compare()
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('limits.events')
    expect(err).toContain('0 of 1 seeds')
  })

  it('compares the seeds that all designs have finished, and says so', async () => {
    pool.outcome = ({ file, seed }) =>
      file.path === A && seed === '2'
        ? { kind: 'refused', message: 'the budget is spent', problems: [] }
        : { kind: 'result', result: fixtureResult({ seed: seed ?? '' }) }
    const { code, out, err } = await cli('compare', A, B, '--seed', '1', '--seeds', '3', '--json')
    expect(code).toBe(2)
    expect(JSON.parse(out).seeds).toEqual(['1', '3'])
    expect(err).toContain('compared over 2 of 3 seeds')
  })

  it('calls designs of one name by their paths', async () => {
    const text = readFileSync(`scenarios/${A}.yaml`, 'utf8')
    const path = join(folder, 'mine.yaml')
    writeFileSync(path, text)
    const { out } = await cli('compare', A, path, '--seeds', '1', '--json')
    expect(JSON.parse(out).designs.map(({ name }: { name: string }) => name)).toEqual([A, path])
  })

  it.each([
    [['compare', A], 'two designs at least'],
    [['compare', A, B, A, B, A], 'two to 4'],
    [['compare', A, 'q05-another'], 'given twice'],
    [['compare', A, 'no-such-thing'], 'highwater list'],
    [['compare', A, B, '--format', 'csv'], 'csv'],
    [['compare', A, B, '--seeds', 'many'], 'whole number'],
  ])('refuses %j and names the way out', async (words, told) => {
    const { code, err } = await cli(...words)
    expect(code).toBe(2)
    expect(err).toContain(told)
    expect(pool.asked).not.toContain(words)
  })

  it('runs nothing when one of the files is broken', async () => {
    const path = join(folder, 'broken.yaml')
    writeFileSync(path, 'regions: 7\n')
    pool.asked = []
    const { code, err } = await cli('compare', A, path)
    expect(code).toBe(2)
    expect(err).toContain('broken.yaml:1')
    expect(pool.asked).toEqual([])
  })

  it('teaches with examples', async () => {
    const { code, out } = await cli('compare', '--help')
    expect(code).toBe(0)
    expect(out).toContain('$ highwater compare')
    expect(out).toContain('sign test')
  })
})
