import { describe, expect, it } from 'vitest'
import { SECOND } from '../../src/sim/time.ts'
import { RegistryRig, registration } from './registry-rig.ts'

describe('the instances of a schema registry', () => {
  it('give ids in sequence, and one schema one id, whoever is asked', () => {
    const rig = new RegistryRig()
    rig.started(['sr-1', 'sr-2'])
    const [one, two] = [rig.rest(['sr-1']), rig.rest(['sr-2'])]
    expect(rig.leader).toBe('sr-1')
    expect(rig.ask(one, registration('orders v1')).id).toBe(1)
    expect(rig.ask(two, registration('orders v2')).id).toBe(2)
    expect(rig.ask(two, registration('orders v1')).id).toBe(1)
    expect(rig.ask(one, registration('orders v1', 'copies-value')).id).toBe(1)
    expect(rig.ask(two, { kind: 'by-id', id: 2 }).text).toBe('orders v2')
  })

  it('keep what they know in a topic of the cluster: new instances read it', () => {
    const rig = new RegistryRig()
    const [first] = rig.started(['sr-1'])
    rig.ask(rig.rest(['sr-1']), registration('orders v1'))
    first?.crash()
    rig.started(['sr-2'])
    expect(rig.simulation.cluster.topics.partitionsOf('_schemas')).toHaveLength(1)
    expect(rig.ask(rig.rest(['sr-2']), { kind: 'by-id', id: 1 }).text).toBe('orders v1')
    expect(rig.ask(rig.rest(['sr-2']), registration('orders v2')).id).toBe(2)
  })

  it('answer what they have read, and no more: nobody else is asked for an id', () => {
    const rig = new RegistryRig()
    rig.started(['sr-1'])
    const { failure } = rig.ask(rig.rest(['sr-1']), { kind: 'by-id', id: 7 })
    expect(failure?.error).toBe('SCHEMA_NOT_FOUND')
    const schema = { subject: 'orders-value', text: 'orders v1' }
    const asked = rig.ask(rig.rest(['sr-1']), { kind: 'lookup', schema })
    expect(asked.failure?.error).toBe('SCHEMA_NOT_FOUND')
  })

  it('elect another leader when the dead one’s session is over, and go on with its ids', () => {
    const rig = new RegistryRig()
    const [dead] = rig.started(['sr-1', 'sr-2'])
    rig.ask(rig.rest(['sr-1']), registration('orders v1'))
    const at = rig.now
    dead?.crash()
    rig.instances.delete('sr-1')
    const since = rig.until(() => rig.leader === 'sr-2') - at
    // kafkagroup.session.timeout.ms counts from the last heartbeat, at most 3 s ago; the survivor
    // hears of it with its own next one.
    expect(since).toBeGreaterThan(6.5)
    expect(since).toBeLessThan(14)
    expect(rig.ask(rig.rest(['sr-2']), registration('orders v2')).id).toBe(2)
  })

  it('serve reads and refuse writes while none of them may lead', () => {
    const rig = new RegistryRig()
    const [leader] = rig.started(['sr-1'])
    rig.ask(rig.rest(['sr-1']), registration('orders v1'))
    leader?.crash()
    rig.instances.delete('sr-1')
    rig.started(['sr-2'], { isEligible: false })
    rig.run(15)
    const rest = rig.rest(['sr-2'])
    expect(rig.ask(rest, registration('orders v1')).id).toBe(1)
    expect(rig.ask(rest, registration('orders v2')).failure?.error).toBe('UNKNOWN_LEADER')
  })

  it('hand writes on to a leader that is gone until leader.connect.timeout.ms', () => {
    const rig = new RegistryRig()
    const [leader] = rig.started(['sr-1', 'sr-2'])
    // With its own default of 60 s the client gives up just before.
    const rest = rig.rest(['sr-2'], { readTimeoutMs: 90_000 })
    rig.ask(rest, registration('orders v1'))
    leader?.host.powerLoss()
    const asked = rig.now
    const first = rig.ask(rest, registration('orders v2'))
    expect(first.failure?.error).toBe('FORWARDING_FAILED')
    expect(first.at - asked).toBeGreaterThan(59)
    // By then the group has elected the survivor.
    expect(rig.ask(rest, registration('orders v2')).id).toBe(2)
  })

  it('write one after the other: who waits for a dead leader keeps the others waiting', () => {
    const rig = new RegistryRig()
    const [leader] = rig.started(['sr-1', 'sr-2'])
    leader?.host.powerLoss()
    const patient = { readTimeoutMs: 90_000 }
    const [one, two] = [rig.rest(['sr-2'], patient), rig.rest(['sr-2'], patient)]
    const asked = rig.now
    const ends: (string | number | null)[] = []
    one.request(registration('orders v1'), (_, failure) => ends.push(failure?.error ?? null))
    rig.run(20)
    // The survivor leads since, but the lock is with the request that waits for the dead one.
    two.request(registration('orders v2'), (found) => ends.push(found?.id ?? null))
    rig.until(() => ends.length === 2)
    expect(ends).toEqual(['FORWARDING_FAILED', 1])
    expect(rig.now - asked).toBeGreaterThan(59)
  })

  it('say after kafkastore.timeout.ms that they cannot write, and find what was written', () => {
    const rig = new RegistryRig()
    rig.started(['sr-1'])
    const rest = rig.rest(['sr-1'])
    const { world, cluster } = rig.simulation
    const partition = cluster.topics.partitionsOf('_schemas')[0] ?? -1
    const broker = cluster.lastKnownRegistration(partition)?.leader ?? -1
    rig.ask(rest, registration('orders v1'))
    cluster.nodes.get(broker)?.process.pause()
    const asked = rig.now
    const end = rig.ask(rest, registration('orders v2'))
    expect(end.failure?.error).toBe('OPERATION_TIMED_OUT')
    expect(end.at - asked).toBeGreaterThan(0.5)
    expect(end.at - asked).toBeLessThan(0.6)
    expect(rig.ask(rest, { kind: 'by-id', id: 1 }).text).toBe('orders v1')
    cluster.nodes.get(broker)?.process.resume()
    rig.run(2)
    expect(rig.ask(rest, registration('orders v2')).id).toBe(2)
    expect(world.now).toBeGreaterThan(asked * SECOND)
  })

  it('of a read-only registry serve what is there and register nothing', () => {
    const rig = new RegistryRig()
    const [writer] = rig.started(['sr-1'])
    rig.ask(rig.rest(['sr-1']), registration('orders v1'))
    writer?.crash()
    rig.run(12)
    rig.started(['sr-2'], { isReadOnly: true })
    const rest = rig.rest(['sr-2'])
    expect(rig.ask(rest, registration('orders v1')).id).toBe(1)
    expect(rig.ask(rest, registration('orders v2')).failure?.error).toBe('OPERATION_NOT_PERMITTED')
  })

  it('of two registries give one id to two schemas', () => {
    const rig = new RegistryRig()
    rig.started(['sr-1'])
    rig.started(['other-1'], { topic: '_schemas_other', group: 'other' })
    expect(rig.ask(rig.rest(['sr-1']), registration('orders v1')).id).toBe(1)
    expect(rig.ask(rig.rest(['other-1']), registration('payments v1')).id).toBe(1)
  })

  it('end where they cannot read the topic to its end within kafkastore.init.timeout.ms', () => {
    const rig = new RegistryRig()
    const { nodes, brokerIds } = rig.simulation.cluster
    for (const id of brokerIds) nodes.get(id)?.process.pause()
    const asked = rig.now
    rig.instance('sr-1')
    rig.until(() => rig.told.includes('sr-1 cannot read _schemas to its end'))
    expect(rig.now - asked).toBeGreaterThan(59)
    expect(rig.now - asked).toBeLessThan(62)
  })

  it('with a sticky leader keep it when one comes whose name is smaller', () => {
    const rig = new RegistryRig()
    rig.started(['sr-2', 'sr-1'], { isSticky: true })
    rig.run(10)
    expect(rig.leader).toBe('sr-2')
  })

  it('without one hand leadership to the smallest name whenever one comes', () => {
    const rig = new RegistryRig()
    rig.started(['sr-2', 'sr-1'])
    expect(rig.until(() => rig.leader === 'sr-1')).toBeGreaterThan(0)
  })
})
