// Plays every scene with many seeds, on as many threads as the machine has cores.

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { judgeBound, type Observed, type Verdict } from './bound.ts'
import { BOUNDS } from './bounds.ts'
import { SCENES } from './scenes.ts'

/** One piece of work; plain data, so that it can cross into a thread. */
export interface Task {
  readonly scene: string
  /** Seeds, the first and the one after the last. */
  readonly from: number
  readonly to: number
}

const SEEDS_PER_TASK = 25

/** What the runs of one task showed. */
export function playTask({ scene, from, to }: Task): Observed[] {
  const play = SCENES[scene]
  return Array.from({ length: to - from }, (_, i) => play(from + i))
}

export function tasksFor(seeds: number): Task[] {
  const tasks: Task[] = []
  for (const scene of Object.keys(SCENES)) {
    for (let from = 1; from <= seeds; from += SEEDS_PER_TASK) {
      tasks.push({ scene, from, to: Math.min(seeds + 1, from + SEEDS_PER_TASK) })
    }
  }
  return tasks
}

export function judgeAll(observed: readonly Observed[]): Verdict[] {
  return BOUNDS.map((bound) => {
    const values = observed.map((one) => one[bound.id]).filter((value) => value !== undefined)
    return judgeBound(bound, values)
  })
}

export async function playOnThreads(seeds: number): Promise<Observed[]> {
  const tasks = tasksFor(seeds)
  const observed: Observed[] = []
  const threads = Math.min(tasks.length, availableParallelism())
  await Promise.all(Array.from({ length: threads }, () => drain(tasks, observed)))
  return observed
}

/** One thread takes tasks until none is left. */
function drain(tasks: Task[], observed: Observed[]): Promise<void> {
  const entry = JSON.stringify(new URL('./play-worker.ts', import.meta.url).href)
  const load = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${entry}) })`
  const worker = new Worker(load, { eval: true })
  return new Promise((resolve, reject) => {
    const feed = () => {
      const task = tasks.shift()
      if (task === undefined) void worker.terminate().then(() => resolve())
      else worker.postMessage(task)
    }
    worker.on('message', (values: Observed[]) => {
      observed.push(...values)
      feed()
    })
    worker.on('error', reject)
    feed()
  })
}
