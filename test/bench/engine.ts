// The engine that is measured: as it ships, which `npm run bench` builds first, and the bench with
// it. Nothing is read through tsx, whose loader wraps functions for the sake of their names and
// hands buffers from thread to thread: after the first of those V8 looks at every access of a
// typed array whether its buffer is still there, which costs the kernel a fifth.
// Paths lead over the root, so that they are right from test/bench and from dist/bench.

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const isBuilt = existsSync(fileURLToPath(new URL('../../dist/lab/run.js', import.meta.url)))

/** A module of the engine, by its path without ending; from the source where nothing is built. */
function engineModule(path: string): string {
  const file = isBuilt ? `../../dist/${path}.js` : `../../src/${path}.ts`
  return new URL(file, import.meta.url).href
}

type Run = typeof import('../../src/lab/run.ts')
type Parse = typeof import('../../src/scenario/parse.ts')
type Kernel = typeof import('../../src/sim/scheduler.ts')

export const { run }: Run = await import(engineModule('lab/run'))
export const { scenarioOf }: Parse = await import(engineModule('scenario/parse'))
export const { Scheduler }: Kernel = await import(engineModule('sim/scheduler'))
