// How a thread that runs simulations is started: by the pool, and by whoever measures it.

import type { WorkerOptions } from 'node:worker_threads'

/**
 * Most of what a run allocates is gone a moment later. With room for a longer moment the collector
 * is called less often, finds less alive, and leaves the other cores to other runs.
 */
export const THREAD: WorkerOptions = { resourceLimits: { maxYoungGenerationSizeMb: 128 } }
