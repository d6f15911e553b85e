import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { ackedSurvives } from '../../src/testing/claims/durability.ts'
import { keptPartitions } from '../../src/testing/exposure.ts'
import { type ObservedRun, observe } from '../../src/testing/observed-run.ts'

function library(name: string, change = (text: string) => text): ObservedRun {
  return observe(scenarioOf(change(readFileSync(`scenarios/${name}.yaml`, 'utf8')), name))
}

describe('acks=all promises', () => {
  it('nothing where the last in-sync replica lost power, without eligible leader replicas', () => {
    const run = library('q14-power-loss-last-replica')
    expect(run.result.fates.lost).toBeGreaterThan(0)
    expect(keptPartitions(run)).toEqual([false])
    expect(ackedSurvives.check(run)).toBeNull()
  })

  it('all of it where that replica had gone before the others, and where it only crashed', () => {
    const noPower = (text: string) => text.replace('host-loss: broker-1', 'crash: broker-1')
    const run = library('q14-power-loss-last-replica', noPower)
    expect(keptPartitions(run)).toEqual([true])
    expect(ackedSurvives.check(run)).toEqual([])
  })

  it('all of it with eligible leader replicas, even on lost power', () => {
    const run = library('q14-power-loss-with-elr')
    expect(run.history.diskLosses.length).toBeGreaterThan(0)
    expect(keptPartitions(run)).toEqual([true])
    expect(ackedSurvives.check(run)).toEqual([])
  })

  it('nothing after an unclean election, nor from a release that truncated by watermark', () => {
    const unclean = (text: string) =>
      text.replace(
        'min.insync.replicas: 2 }',
        'min.insync.replicas: 1, unclean.leader.election.enable: true }',
      )
    const lossy = library('q14-power-loss-last-replica', (text) =>
      unclean(text).replace('for: 50s', 'for: 20s'),
    )
    expect(keptPartitions(lossy)).toEqual([false])
    const old = library('q14-power-loss-with-elr', (text) =>
      text.replace('version: "4.1"', 'version: "4.1"\nguards: { epochBasedTruncation: off }'),
    )
    expect(keptPartitions(old)).toEqual([false])
  })
})
