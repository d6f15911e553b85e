import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { calibrate } from './real-kafka/calibrate.ts'
import { readExperiment } from './real-kafka/experiment.ts'
import { HELD, HELD_BUT_RARE } from './real-kafka/held.ts'
import { printFile } from './real-kafka/report.ts'

function reportOf(name: string, seeds: number) {
  const path = fileURLToPath(new URL(`./real-kafka/experiments/${name}.json`, import.meta.url))
  return calibrate(readExperiment(path), seeds)
}

describe('the model agrees with real brokers', () => {
  it.each(HELD)('in the experiment %s', (name, seeds) => {
    const report = reportOf(name, seeds)
    expect(report.pass, printFile(report)).toBe(true)
  })

  it.each(HELD_BUT_RARE)('in the experiment %s but for a rare event', (name, rare, seeds) => {
    const report = reportOf(name, seeds)
    const failed = report.figures.filter(({ pass }) => !pass)
    const isRare = (one: (typeof failed)[number]) =>
      rare.includes(one.figure) || rare.includes(`[${one.case}] ${one.figure}`)
    expect(
      failed.filter((one) => !isRare(one)).map(({ figure }) => figure),
      printFile(report),
    ).toEqual([])
  })
})
