import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NodeId } from '../../../src/kafka/ids.ts'
import type { MetadataRecord } from '../../../src/kafka/metadata/records.ts'
import { ControllerRig } from './controller-rig.ts'

const BROKERS = [1, 2, 3, 4]

type Step =
  | { readonly do: 'silence' | 'unclean' | 'clean' | 'shutDown'; readonly broker: NodeId }
  | { readonly do: 'isr'; readonly partition: number; readonly isr: readonly NodeId[] }
  | { readonly do: 'preferred' | 'unclean election' | 'reassign'; readonly partition: number }
  | { readonly do: 'balance' }

const broker = fc.constantFrom(...BROKERS)
const partition = fc.nat(1)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('silence', 'unclean', 'clean', 'shutDown'), broker }),
  fc.record({
    do: fc.constant('isr'),
    partition,
    isr: fc.uniqueArray(broker, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ do: fc.constantFrom('preferred', 'unclean election', 'reassign'), partition }),
  fc.record({ do: fc.constant('balance') }),
) as fc.Arbitrary<Step>

function run(rig: ControllerRig, step: Step): void {
  const { control } = rig
  switch (step.do) {
    case 'silence':
      rig.silence(step.broker)
      break
    case 'unclean':
    case 'clean':
      if (rig.register(step.broker, step.do === 'clean').error === 'NONE')
        rig.heartbeat(step.broker)
      break
    case 'shutDown':
      rig.heartbeat(step.broker, { shutDown: true })
      break
    case 'isr':
      rig.alterIsr(step.partition, [...step.isr])
      break
    case 'preferred':
      rig.take(control.electLeader(step.partition, 'PREFERRED'))
      break
    case 'unclean election':
      rig.take(control.electLeader(step.partition, 'UNCLEAN'))
      break
    case 'reassign': {
      const replicas = [...rig.partition(step.partition).replicas].reverse().slice(0, 2)
      const request = { api: 'AlterReassignment', partition: step.partition, replicas } as const
      rig.take(control.alterReassignment(request))
      break
    }
    case 'balance':
      rig.take({ records: control.maybeBalanceLeaders().records, reply: null })
      break
  }
}

function expectSound(rig: ControllerRig, elr: boolean): void {
  const { index, elrIndex, cluster } = rig.control.state
  for (const p of [0, 1]) {
    const is = rig.partition(p)
    expect(is.replicas).toEqual(expect.arrayContaining([...is.isr, ...is.elr]))
    expect(is.isr.filter((id) => is.elr.includes(id))).toEqual([])
    if (is.leader !== -1) expect(is.isr).toContain(is.leader)
    if (!elr) expect(is.isr).not.toEqual([])
    if (elr || is.isr.length > 1) {
      expect(is.isr.filter((id) => cluster.broker(id)?.fenced !== false)).toEqual([])
    }
    for (const id of BROKERS) {
      expect(index.partitionsWithBrokerInIsr(id).has(p)).toBe(is.isr.includes(id))
      if (is.elr.includes(id)) expect(elrIndex.partitionsWithBrokerInElr(id)).toContain(p)
    }
    expect(index.partitionsWithNoLeader().has(p)).toBe(is.leader === -1)
    expect(index.imbalancedPartitions().has(p)).toBe(is.leader !== is.replicas[0])
  }
}

function epochsOf(records: readonly MetadataRecord[], p: number): [number, number] {
  const changes = records.filter((r) => r.type === 'PartitionChange' && r.partition === p)
  const terms = changes.filter((r) => r.type === 'PartitionChange' && r.leader !== undefined)
  return [terms.length, changes.length]
}

test.each([true, false])('whatever happens, the metadata stays sound (ELR %s)', (elr) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, unclean) => {
      const rig = new ControllerRig({ elr }, { uncleanLeaderElectionEnable: unclean })
      rig.start(...BROKERS)
      rig.createTopic(
        't',
        [
          [1, 2, 3],
          [3, 4, 1],
        ],
        { 'min.insync.replicas': '2' },
      )
      for (const next of steps) {
        run(rig, next)
        expectSound(rig, elr)
      }
      for (const p of [0, 1]) {
        const { leaderEpoch, partitionEpoch } = rig.partition(p)
        expect([leaderEpoch, partitionEpoch]).toEqual(epochsOf(rig.log, p))
      }
    }),
    { numRuns: 200 },
  )
})

test('the same records make the same state', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const rig = new ControllerRig()
      rig.start(...BROKERS)
      rig.createTopic('t', [
        [1, 2, 3],
        [3, 4, 1],
      ])
      for (const next of steps) run(rig, next)
      const standby = new ControllerRig()
      for (const [offset, record] of rig.log.entries()) standby.control.replay(record, offset)
      for (const p of [0, 1]) expect(standby.partition(p)).toEqual(rig.partition(p))
      expect([...standby.control.state.cluster.brokers()]).toEqual([
        ...rig.control.state.cluster.brokers(),
      ])
    }),
    { numRuns: 100 },
  )
})
