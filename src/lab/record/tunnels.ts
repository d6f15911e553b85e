// Tunnels in the story: which one is down, which router stops using it, when it is back.

import type { History } from '../../history.ts'
import type { TunnelChange } from '../../sim/tunnels.ts'
import type { World } from '../../sim/world.ts'
import type { Causes } from './causes.ts'
import type { Clock } from './clock.ts'

/** A fault is told after it was done; what it did to a tunnel waits for the end of the moment. */
export function recordTunnels(world: World, history: History, causes: Causes, clock: Clock): void {
  const handler = world.scheduler.register((_a, _b, change: TunnelChange) => {
    const { tunnel, what } = change
    history.event({
      at: clock.now(),
      actor: `tunnel ${tunnel}`,
      kind: 'tunnel',
      text: textOf(change),
      cause: causes.fault,
      values: { tunnel, what },
    })
  }, 'record/tunnel')
  for (const bundle of world.network.tunnels) {
    bundle.onChange = (change) => world.scheduler.post(0, handler, 0, 0, change)
  }
}

function textOf({ tunnel, what, region }: TunnelChange): string {
  switch (what) {
    case 'down':
      return `${tunnel} carries nothing: a gateway is gone, and no router knows yet`
    case 'withdrawn':
      return `the router of ${region ?? 'nowhere'} sends nothing more into ${tunnel}`
    case 'up':
      return `${tunnel} is established and in use again`
  }
}
