// regions and network, as a file writes them.

import { z } from 'zod'
import { netem } from '../../faults/netem.ts'
import { bandwidth, duration, share } from '../../faults/quantity.ts'
import { overlay } from './overlay.ts'
import { name } from './words.ts'

const ZONES_MAX = 12
const MTU_MIN = 576
const MTU_MAX = 65_535

const mtu = z.int().min(MTU_MIN).max(MTU_MAX)

export const region = z.strictObject({
  cloud: z
    .string()
    .max(80)
    .optional()
    .meta({ description: 'Cloud region whose measured RTTs are used: "aws:eu-west-1".' }),
  zones: z.array(name).min(1).max(ZONES_MAX).default(['a']),
})

/** One direction of a link: netem text, or its figures. */
const linkFigures = z.strictObject({
  delay: duration.optional().meta({ description: 'One way.' }),
  jitter: duration.optional().meta({ description: 'Added to the delay, 0 to this.' }),
  loss: share.optional(),
  bandwidth: bandwidth.optional(),
  mtu: mtu.optional(),
})

const link = z
  .union([
    linkFigures,
    netem.transform((spec) => ({
      delay: spec.delay,
      jitter: spec.jitter,
      loss: spec.lossPpm,
      bandwidth: spec.bandwidthBps,
      mtu: undefined,
    })),
  ])
  .meta({ description: 'netem text, or {delay (one way), jitter, loss, bandwidth, mtu}.' })

const inside = z.strictObject({
  rtt: duration.optional(),
  jitter: duration.optional(),
  loss: share.optional(),
  bandwidth: bandwidth.optional(),
})

export const network = z.strictObject({
  rtt: z
    .record(z.string().max(200), duration)
    .default({})
    .meta({ description: 'Round-trip times: {"us-east ~ eu-west": 74ms}.' }),
  links: z
    .record(z.string().max(200), link)
    .default({})
    .meta({ description: 'Single links: "a -> b" for one direction, "a ~ b" for each.' }),
  jitter: duration.default(0),
  loss: share.default(0),
  bandwidth: bandwidth
    .default(0)
    .meta({ description: 'Of each link between regions; 0 = unlimited.' }),
  mtu: mtu.default(1500),
  congestionControl: z
    .enum(['cubic', 'bbr'])
    .default('cubic')
    .meta({ description: 'TCP of every host: cubic, Linux’s default, or bbr.' }),
  intraRegion: inside.default({}).meta({ description: 'Between two zones of one region.' }),
  intraZone: inside.default({}).meta({ description: 'Between two hosts of one zone.' }),
  overlay: overlay
    .optional()
    .meta({ description: 'A KubeSlice slice: regions reach one another through its gateways.' }),
})

export type NetworkDocument = z.output<typeof network>
export type LinkDocument = z.output<typeof link>
