// One experiment of any kind, simulated with as many seeds as wanted and judged.

import { basename } from 'node:path'
import { UsageError } from '../../../src/scenario/usage-error.ts'
import { calibrateControllerFailover } from './controller-failover.ts'
import { calibrateCoordinator } from './coordinator.ts'
import { type Experiment, readExperiment } from './experiment.ts'
import { ExperimentError } from './experiment-parts.ts'
import { calibrateFault } from './fault.ts'
import { calibrateFollowerFetch } from './follower-fetch.ts'
import { calibrateLatency } from './latency.ts'
import { calibrateLoss } from './loss.ts'
import { calibrateMirrorFailover } from './mm2/failover.ts'
import { calibrateMirrorKill } from './mm2/kill.ts'
import { calibrateMirrorLatency } from './mm2/latency.ts'
import { calibrateMirrorTranslation } from './mm2/translation.ts'
import type { FigureVerdict } from './pass-rule.ts'
import { type FileReport, failedReport, fileReport } from './report.ts'
import { calibrateThroughput } from './throughput.ts'
import { calibrateTwoProducers } from './two-producers.ts'
import { unmodelledSettings } from './unmodelled.ts'

/** What cannot be read or simulated is said in the report, so that other files have theirs. */
export function calibrateFile(path: string, seeds: number): FileReport {
  let experiment: Experiment | null = null
  try {
    experiment = readExperiment(path)
    return calibrate(experiment, seeds)
  } catch (error) {
    const isSaid = error instanceof ExperimentError || error instanceof UsageError
    const { name, kind } = experiment?.file ?? { name: basename(path), kind: 'unknown' }
    return failedReport(name, kind, isSaid ? error.message : `a bug: ${stackOf(error)}`)
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** Simulates `experiment` with seeds 1 to `seeds` and judges its figures. */
export function calibrate(experiment: Experiment, seeds: number): FileReport {
  const { name, kind } = experiment.file
  const figures = figuresOf(experiment, seeds)
  if (figures === null) return { name, kind, pass: null, figures: [], notes: [] }
  return fileReport(name, kind, figures, unmodelledSettings(experiment))
}

/** null for a kind that is not modelled. */
function figuresOf(experiment: Experiment, seeds: number): FigureVerdict[] | null {
  switch (experiment.kind) {
    case 'fault':
      return calibrateFault(experiment.file, seeds)
    case 'latency':
      return calibrateLatency(experiment.file, seeds)
    case 'controller-failover':
      return calibrateControllerFailover(experiment.file, seeds)
    case 'coordinator':
      return calibrateCoordinator(experiment.file, seeds)
    case 'throughput':
      return calibrateThroughput(experiment.file, seeds)
    case 'loss':
      return calibrateLoss(experiment.file, seeds)
    case 'two-producers':
      return calibrateTwoProducers(experiment.file, seeds)
    case 'follower-fetch':
      return calibrateFollowerFetch(experiment.file, seeds)
    case 'mm2-latency':
      return calibrateMirrorLatency(experiment.file, seeds)
    case 'mm2-failover':
      return calibrateMirrorFailover(experiment.file, seeds)
    case 'mm2-kill':
      return calibrateMirrorKill(experiment.file, seeds)
    case 'mm2-translation':
      return calibrateMirrorTranslation(experiment.file, seeds)
    case 'not modelled':
      return null
  }
}
