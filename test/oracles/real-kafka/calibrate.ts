// One experiment of any kind, simulated with as many seeds as wanted and judged.

import { calibrateControllerFailover } from './controller-failover.ts'
import { calibrateCoordinator } from './coordinator.ts'
import type { Experiment } from './experiment.ts'
import { calibrateFault } from './fault.ts'
import { calibrateFollowerFetch } from './follower-fetch.ts'
import { calibrateLatency } from './latency.ts'
import { calibrateLoss } from './loss.ts'
import { calibrateMirrorFailover } from './mm2/failover.ts'
import { calibrateMirrorKill } from './mm2/kill.ts'
import { calibrateMirrorLatency } from './mm2/latency.ts'
import { calibrateMirrorTranslation } from './mm2/translation.ts'
import type { FigureVerdict } from './pass-rule.ts'
import { type FileReport, fileReport } from './report.ts'
import { calibrateThroughput } from './throughput.ts'
import { calibrateTwoProducers } from './two-producers.ts'

/** Simulates `experiment` with seeds 1 to `seeds` and judges its figures. */
export function calibrate(experiment: Experiment, seeds: number): FileReport {
  const { name, kind } = experiment.file
  const figures = figuresOf(experiment, seeds)
  if (figures === null) return { name, kind, pass: null, figures: [] }
  return fileReport(name, kind, figures)
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
