import { describe, expect, it } from 'vitest'
import { execute, type Outcome } from '../../src/cli/job.ts'
import { findScenario } from '../../src/cli/library.ts'
import { runJobs } from '../../src/cli/pool.ts'

const file = findScenario('q12')
const jobs = ['1', '2', '3', '4', '5', '6'].map((seed) => ({ file, seed, until: 3_000_000 }))

const digestOf = (outcome: Outcome | undefined) =>
  outcome?.kind === 'result' ? outcome.result.digest : outcome?.message

describe('jobs on threads', () => {
  it('each run once and come out as on the main thread', async () => {
    const outcomes = new Map<number, Outcome>()
    await runJobs(jobs, (index, outcome) => {
      expect(outcomes.has(index)).toBe(false)
      outcomes.set(index, outcome)
    })
    expect(outcomes.size).toBe(jobs.length)
    jobs.forEach((job, index) => {
      expect(digestOf(outcomes.get(index))).toBe(digestOf(execute(job)))
    })
  })

  it('stop when told to, and what was finished stays', async () => {
    const stop = new AbortController()
    const done: number[] = []
    const take = (index: number) => {
      done.push(index)
      stop.abort()
    }
    await runJobs(jobs, take, stop.signal)
    expect(done.length).toBeGreaterThan(0)
    expect(done.length).toBeLessThan(jobs.length)
  })

  it('tell what is wrong with a scenario without ending the others', async () => {
    const broken = { file: { path: 'broken.yaml', text: 'regions: 7' }, seed: '1', until: null }
    const kinds: string[] = []
    const [first = broken] = jobs
    await runJobs([broken, first], (index, outcome) => {
      kinds[index] = outcome.kind
    })
    expect(kinds).toEqual(['refused', 'result'])
  })
})
