import type { Socket, SocketHandler } from '../../src/sim/connection.ts'
import { millis, NEVER } from '../../src/sim/time.ts'
import { World } from '../../src/sim/world.ts'

const PING = { kind: 'ping' }
const BYTES = 200

/**
 * Request and answer over so many connections of an uncongested, loss-free link of 25 ms.
 * @returns millions of messages sent and delivered a second of wall time
 */
export function messagesPerMicrosecond(connections: number, messages: number): number {
  const world = new World({ seed: 'messages' })
  const here = world.addZone('a', world.addRegion('a'))
  const there = world.addZone('b', world.addRegion('b'))
  const link = { delay: millis(25), jitter: 0, lossPpm: 0, bandwidthBps: 0 }
  world.network.setLink(here, there, link)
  world.network.setLink(there, here, link)
  const client = world.addProcess('client', world.addHost('h1', here))
  const server = world.addProcess('server', world.addHost('h2', there))
  const echo: SocketHandler = {
    onOpen: (socket: Socket) => socket.send(PING, BYTES),
    onMessage: (socket: Socket, message: unknown) => socket.send(message, BYTES),
    onClose: () => {},
  }
  const listen: SocketHandler = { ...echo, onOpen: () => {} }
  server.onBoot = () => world.network.listen(server, () => listen)
  server.start()
  client.start()
  world.scheduler.run(0)
  for (let i = 0; i < connections; i++) {
    world.scheduler.run(world.now + 97)
    world.network.connect(client, server, echo)
  }
  world.scheduler.run(world.now + millis(200))
  const start = performance.now()
  world.scheduler.run(NEVER, messages)
  return messages / (performance.now() - start) / 1_000
}
