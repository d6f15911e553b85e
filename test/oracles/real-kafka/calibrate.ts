// One experiment of any kind, simulated with as many seeds as wanted and judged.

import { calibrateControllerFailover } from './controller-failover.ts'
import { calibrateCoordinator } from './coordinator.ts'
import type { Experiment } from './experiment.ts'
import { calibrateFault } from './fault.ts'
import { calibrateFollowerFetch } from './follower-fetch.ts'
import { calibrateLatency } from './latency.ts'
import { calibrateLoss } from './loss.ts'
import { type FileReport, fileReport } from './report.ts'
import { calibrateThroughput } from './throughput.ts'
import { calibrateTwoProducers } from './two-producers.ts'

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
    case 'throughput':
      return fileReport(name, kind, calibrateThroughput(experiment.file, seeds))
    case 'loss':
      return fileReport(name, kind, calibrateLoss(experiment.file, seeds))
    case 'two-producers':
      return fileReport(name, kind, calibrateTwoProducers(experiment.file, seeds))
    case 'follower-fetch':
      return fileReport(name, kind, calibrateFollowerFetch(experiment.file, seeds))
    case 'not modelled':
      return { name, kind, pass: null, figures: [] }
  }
}
