// The overlay between regions, as a file writes it: a KubeSlice slice and its gateways.

import { z } from 'zod'
import { bandwidth, duration, size } from '../../faults/quantity.ts'
import { moment, name } from './words.ts'

const PAIRS_MAX = 8

export const OVERLAY_DOCS = {
  slice: 'Name of the slice.',
  regions: 'The slice’s Kubernetes clusters, one a region; without it every region.',
  gatewayType: 'What encrypts: openvpn, one core for each gateway, or wireguard, in the kernel.',
  gatewayPairs: 'Tunnels between each two regions, each with a gateway at either end.',
  gatewayNodes: 'Machines for gateways in each region; as many as pairs unless there are fewer.',
  ceiling:
    'QoS profile, bandwidthCeilingKbps: what each gateway node may send for the slice, all its ' +
    'connections together; 0 = no cap. KubeSlice demands a profile; its sample says 5120kbit.',
  guaranteed: 'QoS profile, bandwidthGuaranteedKbps; at most the ceiling.',
  gatewayBandwidth:
    'What one gateway encrypts and decrypts, both directions together; 0 = unlimited. An ' +
    'estimate: 300Mbit with openvpn, 0 with wireguard.',
  hopDelay: 'Added one way by both gateways and slice routers. An estimate.',
  hopJitter: 'Added to that, 0 to this. An estimate.',
  mtu: 'Largest packet inside the tunnel, bytes; 1300 is what KubeSlice’s gateways set.',
  overhead:
    'Bytes around each packet: 92 with openvpn (IPv4, UDP, AES-CBC, SHA-256), 60 with wireguard.',
  failover:
    'From a gateway’s end until a region’s router stops using its tunnel, drawn for each region: ' +
    'pings fail for 60s, and the operator looks every 120s.',
  establish: 'From a gateway’s return until its tunnel carries again.',
} as const

export const overlay = z.strictObject({
  slice: name.default('slice').meta({ description: OVERLAY_DOCS.slice }),
  regions: z.array(name).min(2).optional().meta({ description: OVERLAY_DOCS.regions }),
  gatewayType: z
    .enum(['openvpn', 'wireguard'])
    .default('openvpn')
    .meta({ description: OVERLAY_DOCS.gatewayType }),
  gatewayPairs: z
    .int()
    .min(1)
    .max(PAIRS_MAX)
    .default(2)
    .meta({ description: OVERLAY_DOCS.gatewayPairs }),
  gatewayNodes: z
    .int()
    .min(1)
    .max(PAIRS_MAX)
    .optional()
    .meta({ description: OVERLAY_DOCS.gatewayNodes }),
  ceiling: bandwidth.meta({ description: OVERLAY_DOCS.ceiling }),
  guaranteed: bandwidth.optional().meta({ description: OVERLAY_DOCS.guaranteed }),
  gatewayBandwidth: bandwidth.optional().meta({ description: OVERLAY_DOCS.gatewayBandwidth }),
  hopDelay: duration.default(300).meta({ description: OVERLAY_DOCS.hopDelay }),
  hopJitter: duration.default(1_200).meta({ description: OVERLAY_DOCS.hopJitter }),
  mtu: z.int().min(576).max(9_000).default(1_300).meta({ description: OVERLAY_DOCS.mtu }),
  overhead: size.optional().meta({ description: OVERLAY_DOCS.overhead }),
  failover: moment.default([60_000_000, 180_000_000]).meta({ description: OVERLAY_DOCS.failover }),
  establish: duration.default(120_000_000).meta({ description: OVERLAY_DOCS.establish }),
})

export type OverlayDocument = z.output<typeof overlay>
