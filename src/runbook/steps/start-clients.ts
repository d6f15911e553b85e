// Clients that are down start: those on standby, or those that an earlier step stopped.

import { z } from 'zod'
import { span } from '../../faults/span.ts'
import { stepKind } from '../step.ts'
import { clients, named, topics } from '../words.ts'

const START_DEFAULT: readonly [number, number] = [10_000_000, 60_000_000]

export const startClients = stepKind({
  kind: 'start-clients',
  doc: 'Clients on standby, or stopped before, start.',
  schema: z.strictObject({
    clients,
    to: named.optional().meta({ description: 'The cluster; where they were, if absent.' }),
    topics,
    within: span
      .default(START_DEFAULT)
      .meta({ description: 'Until a process does its first work, each its own.' }),
  }),
  perform(port, { clients, to, topics, within }, done): void {
    let open = clients.length
    for (const client of clients) {
      port.seatClient(client, { cluster: to ?? null, topics: topics ?? null })
      port.later(port.draw(within), () => {
        port.startClient(client)
        if (--open === 0) done('done')
      })
    }
  },
})
