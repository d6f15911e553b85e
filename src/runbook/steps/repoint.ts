// The flip of a name or a balancer: whoever connects from now on, and has not resolved the name
// before, gets to the other cluster. What runs goes on with the addresses that it has.

import { z } from 'zod'
import { stepKind } from '../step.ts'
import { named } from '../words.ts'

export const repoint = stepKind({
  kind: 'repoint',
  doc: 'A bootstrap name, balancer or gateway leads to another cluster from now on.',
  schema: z.strictObject({ endpoint: named, to: named }),
  perform(port, { endpoint, to }, done): void {
    port.repoint(endpoint, to)
    done('done')
  },
})
