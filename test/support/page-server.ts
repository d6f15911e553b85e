import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp, type LabPort } from '../../src/server/app.ts'
import { buildPage } from '../../web/build.ts'
import { fixtureCompared } from './fixture-compared.ts'
import { fixtureResult } from './fixture-result.ts'

/** A lab that knows one scenario and one result, whatever it is asked. */
export function fixtureLab(change: Partial<LabPort> = {}): LabPort {
  const { scenario: name, question, answer, kafkaVersion } = fixtureResult()
  const summary = {
    ...{ name, question, answer, kafkaVersion, durationMs: 60_000 },
    regions: ['us-east-1', 'eu-west-1', 'eu-central-1'],
    objectives: ['rpo.records = 0', 'rto.produce ≤ 15 s'],
    faults: ['at 14.2 s region-loss us-east-1 for 30 s'],
  }
  const yaml = 'faults:\n  - at: 14.2s\n    region-loss: us-east-1\n    for: 30s\n'
  return {
    list: () => [summary],
    read: (wanted) => (wanted === name ? { summary, yaml, seed: '81723' } : null),
    schema: () => ({ type: 'object' }),
    validate: () => ({ problems: [], notes: [] }),
    run: async ({ seed }) => fixtureResult(seed === undefined ? {} : { seed }),
    compare: async (request) => fixtureCompared(request),
    ...change,
  }
}

/** A listening server and how to stop it. */
export interface RunningServer {
  readonly url: string
  stop(): Promise<void>
}

/** Listens on any free port of this machine; `page` is built anew unless a folder is given. */
export async function startServer(lab: LabPort, page?: string): Promise<RunningServer> {
  const folder = page ?? mkdtempSync(join(tmpdir(), 'highwater-page-'))
  if (page === undefined) await buildPage(folder)
  const server = createApp(lab, folder).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      if (page === undefined) rmSync(folder, { recursive: true })
    },
  }
}
