// A bootstrap swap with a rolling restart: the clients get another bootstrap, which is found at the
// next start, and those that run start anew, wave after wave. Whoever is down, as with its region,
// stays down until somebody starts it.

import { z } from 'zod'
import { duration } from '../../faults/quantity.ts'
import { span } from '../../faults/span.ts'
import type { RunbookPort } from '../step.ts'
import { oneByOne, stepKind } from '../step.ts'
import { clients, named, stopping, topics } from '../words.ts'

const GRACE_DEFAULT = 30_000_000
const RESTART_DEFAULT: readonly [number, number] = [10_000_000, 60_000_000]
const WAVES_MAX = 1_000

const schema = z.strictObject({
  clients,
  to: named.optional().meta({
    description: 'The cluster that they are given the addresses of; absent: those they have.',
  }),
  topics,
  waves: z.int().min(1).max(WAVES_MAX).default(1),
  pause: duration.default(0).meta({ description: 'Between the end of a wave and the next.' }),
  how: stopping,
  grace: duration
    .default(GRACE_DEFAULT)
    .meta({ description: 'How long a closing client is waited for before it is killed.' }),
  restart: span
    .default(RESTART_DEFAULT)
    .meta({ description: 'From the end of a process to the start of the next one, each its own.' }),
})

type Params = z.output<typeof schema>

export const moveClients = stepKind({
  kind: 'move-clients',
  doc: 'Clients restart with the addresses of another cluster, in waves.',
  schema,
  perform(port, params, done): void {
    const seat = { cluster: params.to ?? null, topics: params.topics ?? null }
    for (const client of params.clients) port.seatClient(client, seat)
    const running = params.clients.filter((client) => port.isRunning(client))
    const size = Math.max(1, Math.ceil(running.length / params.waves))
    const waves: string[][] = []
    for (let i = 0; i < running.length; i += size) waves.push(running.slice(i, i + size))
    const left = params.clients.length - running.length
    const text = left === 0 ? '' : `${left} of ${params.clients.length} were not running`
    oneByOne(
      waves,
      (wave, next) => moveWave(port, params, wave, () => port.later(params.pause, next)),
      () => done('done', text),
    )
  },
})

function moveWave(port: RunbookPort, params: Params, wave: readonly string[], done: () => void) {
  let open = wave.length
  for (const client of wave) {
    port.stopClient(client, params.how, params.grace, () => {
      port.later(port.draw(params.restart), () => {
        port.startClient(client)
        if (--open === 0) done()
      })
    })
  }
}
