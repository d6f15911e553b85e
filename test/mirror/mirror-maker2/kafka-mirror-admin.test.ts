import { expect, it } from 'vitest'
import { ADMIN_DEFAULTS } from '../../../src/kafka/clients/admin/admin-config.ts'
import { KafkaMirrorAdmin } from '../../../src/mirror/mirror-maker2/kafka-mirror-admin.ts'
import { ConnectRig } from '../connect/connect-rig.ts'

it('lists the groups of the brokers that answer, where one does not', () => {
  const rig = new ConnectRig()
  const { cluster, world } = rig.simulation
  const admins: KafkaMirrorAdmin[] = []
  rig
    .process('mirror', (process) => {
      const config = { ...ADMIN_DEFAULTS, apiTimeoutMs: 5_000 }
      admins.push(new KafkaMirrorAdmin(process, world.network, rig.cluster, config))
    })
    .start()
  rig.run(10)
  const [admin] = admins
  let isAltered = false
  admin?.alterConsumerGroupOffsets('billing', new Map([[0, 5]]), (error) => {
    isAltered = error === 'NONE'
  })
  rig.until(() => isAltered)
  const bystander = [...cluster.nodes.values()].find(({ role }) => {
    return role !== null && role.broker.groups.shards.length === 0
  })
  bystander?.process.crash()
  const told: unknown[] = []
  admin?.listConsumerGroups((error, groups) => told.push(error, groups))
  rig.run(6)
  expect(told).toEqual(['REQUEST_TIMED_OUT', ['billing']])
})
