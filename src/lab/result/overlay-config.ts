// The overlay's figures as a result prints them, with where each comes from.

import type { EffectiveSetting } from '../../contract.ts'
import type { OverlaySpec } from '../../scenario/model.ts'
import { defaultOverlay } from '../../scenario/resolve/overlay.ts'

/** A figure that the file gives as it would have been anyway counts as a default. */
export function overlayConfig(overlay: OverlaySpec): EffectiveSetting[] {
  const defaults = textsOf(defaultOverlay(overlay.gatewayType))
  const scope = `overlay ${overlay.slice}`
  return Object.entries(textsOf(overlay)).map(([name, value]) => ({
    scope,
    name,
    value,
    source: value === defaults[name] ? ('default' as const) : ('scenario' as const),
  }))
}

function textsOf(overlay: OverlaySpec): Record<string, string> {
  return {
    regions: overlay.regions.join(', '),
    gatewayType: overlay.gatewayType,
    gatewayPairs: String(overlay.gatewayPairs),
    gatewayNodes: String(overlay.gatewayNodes),
    ceiling: bandwidth(overlay.ceilingBps),
    gatewayBandwidth: bandwidth(overlay.gatewayBandwidthBps),
    hopDelay: `${overlay.hopDelay / 1_000}ms`,
    hopJitter: `${overlay.hopJitter / 1_000}ms`,
    mtu: String(overlay.mtu),
    overhead: `${overlay.encapsulationBytes}B`,
    failover: overlay.failover.map((micros) => `${micros / 1_000_000}s`).join(' to '),
    establish: `${overlay.establish / 1_000_000}s`,
  }
}

function bandwidth(bps: number): string {
  return bps === 0 ? 'unlimited' : `${bps / 1_000}kbit`
}
