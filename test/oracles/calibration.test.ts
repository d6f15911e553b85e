import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { calibrate } from './real-kafka/calibrate.ts'
import { readExperiment } from './real-kafka/experiment.ts'
import { HELD, HELD_BUT_RARE, SEEDS } from './real-kafka/held.ts'
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

  it.each(HELD_BUT_RARE)('in the experiment %s but for a rare event', (name, rare) => {
    const report = reportOf(name, SEEDS)
    const failed = report.figures.filter(({ pass }) => !pass).map(({ figure }) => figure)
    expect(
      failed.filter((figure) => !rare.includes(figure)),
      printFile(report),
    ).toEqual([])
  })
})
