// One experiment of any kind, simulated with as many seeds as wanted and judged.

import { calibrateControllerFailover } from './controller-failover.ts'
import { calibrateCoordinator } from './coordinator.ts'
import type { Experiment } from './experiment.ts'
import { calibrateFault } from './fault.ts'
import { calibrateLatency } from './latency.ts'
import { type FileReport, fileReport } from './report.ts'

/** Simulates `experiment` with seeds 1 to `seeds` and judges its figures. */
export function calibrate(experiment: Experiment, seeds: number): FileReport {
  const { name, kind } = experiment.file
  switch (experiment.kind) {
    case 'fault':
      return fileReport(name, kind, calibrateFault(experiment.file, seeds))
    case 'latency':
      return fileReport(name, kind, calibrateLatency(experiment.file, seeds))
    case 'controller-failover':
      return fileReport(name, kind, calibrateControllerFailover(experiment.file, seeds))
    case 'coordinator':
      return fileReport(name, kind, calibrateCoordinator(experiment.file, seeds))
    case 'not modelled':
      return { name, kind, pass: null, figures: [] }
  }
}
