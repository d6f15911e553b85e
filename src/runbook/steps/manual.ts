// Something that people do: it takes its time, and nothing in the model comes of it.

import { z } from 'zod'
import { stepKind } from '../step.ts'

const TEXT_MAX = 200

export const manual = stepKind({
  kind: 'manual',
  doc: 'What people do by hand, in words: its time is what counts.',
  schema: z.strictObject({ what: z.string().min(1).max(TEXT_MAX) }),
  perform(_port, _params, done): void {
    done('done')
  },
})
