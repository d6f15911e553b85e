// Tells when a process ends, however it ends.

import type { Ending, Process } from '../sim/process.ts'

/** Calls `onEnd` when the present incarnation of `process` ends. */
export function watchEnd(process: Process, onEnd: (how: Ending) => void): void {
  process.resources.add({ processEnded: onEnd })
}
