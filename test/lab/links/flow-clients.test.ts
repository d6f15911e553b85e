import { expect, it } from 'vitest'
import { flowClientsOf } from '../../../src/lab/links/flow-clients.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { ConnectRig } from '../../mirror/connect/connect-rig.ts'

const SILENT = {
  onGroupsUnlisted: () => {},
  onSyncsUnread: () => {},
  onCheckpointsUnread: () => {},
}

// MirrorConnectorConfig.adminTimeout is read by Schedulers alone; the clients keep their own
// default.api.timeout.ms.
it('admin.timeout.ms bounds what a connector waits for, and no call of its clients', () => {
  const scenario = scenarioOf(LINKED, 'linked.yaml')
  const [spec] = scenario.links
  if (spec?.system !== 'mirror-maker2') throw new Error('a link of MirrorMaker 2')
  const clients = flowClientsOf(spec, scenario, 0, SILENT)
  const rig = new ConnectRig()
  const answers: string[] = []
  rig
    .process('worker', (process) => {
      const { network } = rig.simulation.world
      const offsets = { read: () => new Map<number, number>(), write: () => {} }
      const admin = clients.adminOf(rig.cluster, { process, network, offsets })
      admin.listTopics((error) => answers.push(error))
    })
    .start()
  const at = rig.until(() => answers.length > 0)
  expect(answers).toEqual(['NONE'])
  expect(at).toBeGreaterThan(0.05)
})

const LINKED = `
regions: {us: {}}
clusters:
  A: {brokers: {us: 3}, controllers: {us: 1}}
  B: {brokers: {us: 3}, controllers: {us: 1}}
topics: [{name: orders, cluster: A, partitions: 1, replicationFactor: 1}]
links:
  - {system: mirror-maker2, from: A, to: B, workers: {us: 1}, config: {admin.timeout.ms: 1}}
`
