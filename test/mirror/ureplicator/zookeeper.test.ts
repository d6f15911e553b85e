import { describe, expect, it } from 'vitest'
import type { ZooKeeperSession } from '../../../src/mirror/ureplicator/zookeeper-session.ts'
import { ignored, ZooKeeperRig } from './rig.ts'

/** A client with an ephemeral node and one that stays. */
function client(rig: ZooKeeperRig, name: string, sessions: number[] = []) {
  let zookeeper: ZooKeeperSession | null = null
  const process = rig.process(name, (own) => {
    zookeeper = rig.session(own, (session) => sessions.push(session))
    zookeeper.ask({ kind: 'create-ephemeral', path: `/live/${name}`, data: name }, ignored)
    zookeeper.ask({ kind: 'create', path: `/kept/${name}`, data: name }, ignored)
  })
  return { process, session: () => zookeeper }
}

describe('a ZooKeeper session', () => {
  it('lives as long as its client does, and a tick longer than its timeout at most', () => {
    const rig = new ZooKeeperRig()
    const { process } = client(rig, 'a')
    rig.run(60)
    expect(rig.paths).toEqual(['/kept/a', '/live/a'])
    process.crash()
    rig.run(3)
    expect(rig.paths).toEqual(['/kept/a', '/live/a'])
    rig.run(5.1)
    expect(rig.paths).toEqual(['/kept/a'])
  })

  it('ends at once where its client says so', () => {
    const rig = new ZooKeeperRig()
    const a = client(rig, 'a')
    rig.run(1)
    a.session()?.close()
    rig.run(0.1)
    expect(rig.paths).toEqual(['/kept/a'])
  })

  it('survives a cut that is shorter than its timeout, and calls wait for its end', () => {
    const rig = new ZooKeeperRig()
    const sessions: number[] = []
    const a = client(rig, 'a', sessions)
    rig.run(1)
    const heal = rig.cut()
    let answers = 0
    a.session()?.ask({ kind: 'set', path: '/kept/a', data: 'later' }, () => answers++)
    rig.run(3)
    expect(answers).toBe(0)
    heal()
    rig.run(4)
    expect(answers).toBe(1)
    expect(rig.tree.nodes.get('/kept/a')?.data).toBe('later')
    expect(sessions).toHaveLength(1)
    expect(rig.paths).toContain('/live/a')
  })

  it('is another one after a longer cut: its nodes are gone, calls are still answered', () => {
    const rig = new ZooKeeperRig()
    const sessions: number[] = []
    const a = client(rig, 'a', sessions)
    rig.run(1)
    const heal = rig.cut()
    let answers = 0
    a.session()?.ask({ kind: 'set', path: '/kept/a', data: 'later' }, () => answers++)
    rig.run(20)
    expect(rig.paths).toEqual(['/kept/a'])
    heal()
    rig.run(20)
    expect(answers).toBe(1)
    expect(new Set(sessions).size).toBe(2)
    expect(rig.paths).toEqual(['/kept/a'])
  })

  it('outlives a crash of the service, whose tree lies on a disk', () => {
    const rig = new ZooKeeperRig()
    const sessions: number[] = []
    client(rig, 'a', sessions)
    rig.run(1)
    rig.server.crash()
    rig.run(20)
    rig.server.start()
    rig.run(10)
    expect(rig.paths).toEqual(['/kept/a', '/live/a'])
    expect(sessions).toHaveLength(1)
    rig.server.crash()
    rig.server.host.disk.lose()
    rig.server.start()
    rig.run(10)
    expect(rig.paths).toEqual([])
    expect(sessions).toHaveLength(2)
  })
})

it('a node belongs to whoever created it first', () => {
  const rig = new ZooKeeperRig()
  client(rig, 'a')
  rig.run(1)
  const created: boolean[] = []
  const b = client(rig, 'b')
  rig.run(1)
  const take = () =>
    b.session()?.ask({ kind: 'create-ephemeral', path: '/live/a', data: 'b' }, (answer) => {
      created.push(answer.isDone)
    })
  take()
  rig.run(1)
  expect(created).toEqual([false])
  expect(rig.tree.nodes.get('/live/a')?.data).toBe('a')
})

it('a watcher hears of every change below its prefix, and of no other', () => {
  const rig = new ZooKeeperRig()
  const a = client(rig, 'a')
  let heard = 0
  rig.process('watcher', (own) => rig.session(own).watch('/live/', () => heard++))
  rig.run(1)
  const before = heard
  a.session()?.ask({ kind: 'set', path: '/kept/a', data: 'x' }, ignored)
  rig.run(1)
  expect(heard).toBe(before)
  a.session()?.ask({ kind: 'delete', path: '/live/a' }, ignored)
  rig.run(1)
  expect(heard).toBe(before + 1)
})
