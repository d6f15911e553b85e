// Models: the thread of a Mirus worker that restarts its failed tasks.
// Leaves out: failed connectors, metrics.
// Source: com.salesforce.mirus.HerderStatusMonitor.

import type { MirusWorkerSettings } from '../../kafka/settings/modelled.ts'
import type { ProcessContext } from '../../sim/process.ts'
import { millis } from '../../sim/time.ts'
import type { Worker } from '../connect/worker.ts'

/**
 * Looks at once, and then at its interval, for as long as the process lives. Connect itself leaves
 * a failed task alone until an operator restarts it; here it runs again within two minutes, from
 * its last commit.
 */
export function monitorTasks(
  context: ProcessContext,
  settings: MirusWorkerSettings,
  worker: Pick<Worker, 'failedTasks' | 'restartTask'>,
  onRestart: (task: string) => void,
): void {
  const timer = context.timer(() => {
    if (settings['mirus.task.auto.restart.enabled']) {
      for (const task of worker.failedTasks) {
        onRestart(task)
        worker.restartTask(task)
      }
    }
    timer.arm(millis(settings['mirus.task.monitor.polling.interval.ms']))
  })
  timer.arm(0)
}
