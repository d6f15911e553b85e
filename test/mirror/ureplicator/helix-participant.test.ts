import { expect, it } from 'vitest'
import { CURRENT, LIVE, MESSAGES } from '../../../src/mirror/ureplicator/helix.ts'
import { HelixParticipant } from '../../../src/mirror/ureplicator/helix-participant.ts'
import { ignored, SESSION_MS, ZooKeeperRig } from './rig.ts'

const AT = `${CURRENT}w1/orders/0`

/** A worker that writes down what it is told, and somebody who may tell it. */
function worker(rig: ZooKeeperRig) {
  const heard: string[] = []
  const process = rig.process('w1', (own) => {
    const options = { process: own, network: rig.world.network, zookeeper: rig.server }
    const participant = {
      online: (partition: string, onDone: () => void) => {
        heard.push(`+${partition}`)
        onDone()
      },
      offline: (partition: string) => heard.push(`-${partition}`),
      tell: (kind: string) => heard.push(kind),
    }
    new HelixParticipant({ ...options, sessionTimeoutMs: SESSION_MS }, participant)
  })
  const teller = rig.process('teller', () => {})
  rig.run(1)
  const zookeeper = rig.session(teller)
  const tell = (state: string) => {
    const session = rig.tree.nodes.get(`${LIVE}w1`)?.data
    const data = `${session} ${state}`
    zookeeper.ask({ kind: 'set', path: `${MESSAGES}w1/orders/0`, data }, ignored)
    rig.run(1)
  }
  return { process, heard, tell }
}

it('does what messages say, writes down the state and takes the message away', () => {
  const rig = new ZooKeeperRig()
  const { heard, tell } = worker(rig)
  tell('ONLINE')
  expect(rig.tree.nodes.get(AT)?.data).toMatch(/ ONLINE$/)
  tell('OFFLINE')
  expect(rig.tree.nodes.get(AT)?.data).toMatch(/ OFFLINE$/)
  tell('DROPPED')
  expect(rig.tree.nodes.has(AT)).toBe(false)
  expect(heard).toEqual(['+orders/0', '-orders/0', '-orders/0'])
  expect(rig.paths.filter((path) => path.startsWith(MESSAGES))).toEqual([])
})

it('goes on copying when its session ends, and begins as OFFLINE in the next one', () => {
  const rig = new ZooKeeperRig()
  const { heard, tell } = worker(rig)
  tell('ONLINE')
  const heal = rig.cut()
  rig.run(20)
  expect(rig.tree.nodes.has(`${LIVE}w1`)).toBe(false)
  heal()
  rig.run(20)
  expect(rig.tree.nodes.has(`${LIVE}w1`)).toBe(true)
  expect(rig.tree.nodes.get(AT)?.data).toMatch(/ OFFLINE$/)
  expect(heard).toEqual(['+orders/0'])
})

it('a worker killed and started at once waits for the session of its former life', () => {
  const rig = new ZooKeeperRig()
  const { process } = worker(rig)
  const former = rig.tree.nodes.get(`${LIVE}w1`)?.data
  process.crash()
  process.start()
  rig.run(SESSION_MS / 1_000 + 4)
  expect(rig.tree.nodes.has(`${LIVE}w1`)).toBe(false)
  rig.run(2)
  expect(rig.tree.nodes.get(`${LIVE}w1`)?.data).not.toBe(former)
})
