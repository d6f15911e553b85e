import { expect, it } from 'vitest'
import { flowClientsOf } from '../../../src/lab/links/flow-clients.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { ConnectRig } from '../../mirror/connect/connect-rig.ts'
import { SILENT_TRANSLATION } from '../../mirror/mirror-maker2/silent-translation.ts'
import { mirroredText } from './mirrored-regions.ts'

// MirrorConnectorConfig.adminTimeout is read by Schedulers alone; the clients keep their own
// default.api.timeout.ms.
it('admin.timeout.ms bounds what a connector waits for, and no call of its clients', () => {
  const scenario = scenarioOf(
    mirroredText({ duration: '1s', settle: '1s', rtt: '50ms', config: 'admin.timeout.ms: 1' }),
    'linked.yaml',
  )
  const [spec] = scenario.links
  if (spec?.system !== 'mirror-maker2') throw new Error('a link of MirrorMaker 2')
  const clients = flowClientsOf(spec, scenario, 0, SILENT_TRANSLATION)
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
