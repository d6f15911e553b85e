import { describe, expect, it, vi } from 'vitest'
import { execute } from '../../src/cli/job.ts'
import { findScenario } from '../../src/cli/library.ts'
import { usageError } from '../../src/scenario/usage-error.ts'
import { fixtureResult } from '../support/fixture-result.ts'

const lab = vi.hoisted(() => ({ run: (..._: unknown[]): unknown => null }))
vi.mock('../../src/lab/run.ts', () => ({ run: (...words: unknown[]) => lab.run(...words) }))

const file = findScenario('q05-active-controller-region')

describe('one job', () => {
  it('runs with its own seed and end, or the ones of the scenario', () => {
    const asked: unknown[] = []
    lab.run = (_, seed, options) => {
      asked.push([seed, options])
      return fixtureResult()
    }
    expect(execute({ file, seed: '9', until: 7_000_000 })).toMatchObject({ kind: 'result' })
    execute({ file, seed: null, until: null })
    const onProgress = () => {}
    execute({ file, seed: null, until: null }, onProgress)
    expect(asked).toEqual([
      ['9', { until: 7_000_000, file: file.path }],
      ['q05', { file: file.path }],
      ['q05', { file: file.path, onProgress }],
    ])
  })

  it('takes a budget that is too small for bad input', () => {
    lab.run = () => {
      throw usageError('more than 1,000 events', 'raise limits.events')
    }
    const outcome = execute({ file, seed: null, until: null })
    expect(outcome).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching('limits.events'),
    })
    const broken = { path: 'broken.yaml', text: 'regions: 7' }
    expect(execute({ file: broken, seed: null, until: null })).toMatchObject({ kind: 'refused' })
  })

  it('throws a bug with the line that shows it again', () => {
    lab.run = () => {
      throw new Error('high watermark moved back')
    }
    const shown = (() => {
      try {
        return execute({ file, seed: null, until: 2_500_000 })
      } catch (error) {
        return (error as Error).stack
      }
    })()
    expect(shown).toContain('high watermark moved back')
    expect(shown).toMatch(/replay: highwater run q05-\S+ --seed q05 --until 2500ms$/)
  })
})
