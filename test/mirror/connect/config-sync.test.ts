import { expect, it } from 'vitest'
import { ConfigSync } from '../../../src/mirror/connect/config-sync.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { World } from '../../../src/sim/world.ts'

/** What a worker does that cannot read on before `readableAt`, with its seconds. */
function story(readableAt: number): string[] {
  const world = new World({ seed: '1' })
  const zone = world.addZone('z', world.addRegion('r'))
  const process = world.addProcess('worker', world.addHost('h', zone))
  const told: string[] = []
  const tell = (what: string) => told.push(`${world.now / SECOND} ${what}`)
  process.onBoot = () => {
    const sync = new ConfigSync({
      process,
      configs: {
        refresh: (timeout, onEnd) => {
          const isReadable = world.now >= readableAt * SECOND
          process.timer(() => onEnd(isReadable)).arm(isReadable ? 0 : timeout)
        },
      },
      ...{ syncTimeoutMs: 3_000, scheduledRebalanceMaxDelayMs: 300_000 },
      leave: () => tell('leaves'),
      stopAll: (onStopped) => {
        tell('stops all')
        onStopped()
      },
    })
    sync.run(() => tell('has read'))
  }
  process.start(0)
  world.scheduler.run(200 * SECOND)
  return told
}

it('a worker that can read on stays in its group', () => {
  expect(story(0)).toEqual(['0 has read'])
})

it('one that cannot leaves after 3 s, and tries again after longer and longer rests', () => {
  expect(story(20)).toEqual(['3 leaves', '12 leaves', '22.5 leaves', '32.5 has read'])
})

it('stops all that it runs before others take it over', () => {
  const told = story(90)
  expect(told.slice(0, 7)).toEqual([
    ...['3 leaves', '12 leaves', '22.5 leaves', '35.5 leaves', '53.5 leaves'],
    ...['86.5 leaves', '86.5 stops all'],
  ])
  expect(told.at(-1)).toMatch(/has read/)
})
