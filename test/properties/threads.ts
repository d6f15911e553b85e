// Spreads a search over the machine's cores. Which thread runs what changes nothing of the result.

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { addCoverage, type Coverage } from '../../src/testing/coverage.ts'
import type { Found } from '../../src/testing/search.ts'
import type { Share, ShareDone } from './search-worker.ts'

/** Runs that a thread takes at a time. */
const SHARE_RUNS = 20

export interface Searched {
  readonly coverage: Coverage
  /** In the order of their numbers. */
  readonly found: readonly Found[]
}

export async function searchOnThreads(
  seed: number,
  { first, runs, isLinked }: Omit<Share, 'seed'>,
  onShare: (done: number, found: readonly Found[]) => void,
): Promise<Searched> {
  const coverage: Coverage = new Map()
  const found: Found[] = []
  let next = first
  let done = 0
  const take = (): Share | null => {
    const left = first + runs - next
    if (left <= 0) return null
    const share = { seed, first: next, runs: Math.min(SHARE_RUNS, left), isLinked }
    next += share.runs
    return share
  }
  const onDone = (share: Share, answer: ShareDone): void => {
    addCoverage(coverage, answer.coverage)
    found.push(...answer.found)
    done += share.runs
    onShare(done, answer.found)
  }
  const threads = Math.min(availableParallelism(), Math.ceil(runs / SHARE_RUNS))
  const workers = Array.from({ length: threads }, startWorker)
  try {
    await Promise.all(workers.map((worker) => drain(worker, take, onDone)))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  return { coverage, found: found.sort((a, b) => a.index - b.index) }
}

function drain(
  worker: Worker,
  take: () => Share | null,
  onDone: (share: Share, answer: ShareDone) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let current: Share | null = null
    const feed = (): void => {
      current = take()
      if (current === null) resolve()
      else worker.postMessage(current)
    }
    worker.on('message', (answer: ShareDone) => {
      if (current !== null) onDone(current, answer)
      feed()
    })
    worker.on('error', reject)
    feed()
  })
}

function startWorker(): Worker {
  const entry = JSON.stringify(new URL('./search-worker.ts', import.meta.url).href)
  const load = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${entry}) })`
  return new Worker(load, { eval: true })
}
