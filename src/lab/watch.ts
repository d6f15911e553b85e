// Tells when a process ends, however it ends.

import type { Process } from '../sim/process.ts'

/** Calls `onEnd` when the present incarnation of `process` ends. */
export function watchEnd(process: Process, onEnd: () => void): void {
  process.resources.add({ processEnded: onEnd })
}
