// Clients end and stay down, until a later step starts them.

import { z } from 'zod'
import { duration } from '../../faults/quantity.ts'
import { stepKind } from '../step.ts'
import { clients, stopping } from '../words.ts'

const GRACE_DEFAULT = 30_000_000

export const stopClients = stepKind({
  kind: 'stop-clients',
  doc: 'Clients end; a later step may start them again.',
  schema: z.strictObject({ clients, how: stopping, grace: duration.default(GRACE_DEFAULT) }),
  perform(port, { clients, how, grace }, done): void {
    let open = clients.length
    for (const client of clients) {
      port.stopClient(client, how, grace, () => {
        if (--open === 0) done('done')
      })
    }
  },
})
