import { describe, expect, it } from 'vitest'
import { flowClientsOf } from '../../../src/lab/links/flow-clients.ts'
import type { ConnectorDefinition } from '../../../src/mirror/connect/connector.ts'
import { RunningWork } from '../../../src/mirror/connect/running-work.ts'
import { SourceTaskOffsetCommitter } from '../../../src/mirror/connect/task-offset-committer.ts'
import { FlowConnectors } from '../../../src/mirror/mirror-maker2/connectors.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { mirroredText } from '../../lab/links/mirrored-regions.ts'
import { flowFromTo } from '../mirror-maker2/flow-from-to.ts'
import { SILENT_TRANSLATION } from '../mirror-maker2/silent-translation.ts'
import { ConnectRig } from './connect-rig.ts'

const OFFSETS = { read: () => new Map<number, number>(), write: () => {} }

/** Work of two connectors, and when the offset topic has been read. */
function start() {
  const rig = new ConnectRig()
  const begun: string[] = []
  const read: (() => void)[] = []
  const work: RunningWork[] = []
  const definition = (name: string, readsOffsets: boolean): ConnectorDefinition => ({
    ...{ name, tasksMax: 1, readsOffsets },
    start: () => ({ taskConfigs: () => [null], stop: (onStopped) => onStopped() }),
    startTask: () => {
      begun.push(name)
      return { stop: (onStopped) => onStopped(), cancel: () => {} }
    },
  })
  rig
    .process('worker', (process) => {
      const { network } = rig.simulation.world
      const committer = new SourceTaskOffsetCommitter(process, 60_000)
      work.push(
        new RunningWork({
          context: { process, network, offsets: OFFSETS, committer },
          connectors: [definition('source', true), definition('heartbeat', false)],
          gracefulTimeoutMs: 5_000,
          readOffsets: (onDone) => read.push(onDone),
          onConnectorStarted: () => {},
          requestTaskReconfiguration: () => {},
        }),
      )
    })
    .start()
  rig.run(1)
  for (const name of ['source', 'heartbeat']) work[0]?.startTask(`${name}-0`, null)
  return { begun, read }
}

describe('a task', () => {
  it('that asks for no offsets begins while the offset topic cannot be read', () => {
    const { begun, read } = start()
    expect(begun).toEqual(['heartbeat'])
    expect(read).toHaveLength(1)
    for (const done of read) done()
    expect(begun).toEqual(['heartbeat', 'source'])
  })

  // MirrorSourceTask.loadOffsets; neither MirrorCheckpointTask nor MirrorHeartbeatTask reads any.
  it('of MirrorMaker 2 asks for offsets where it copies, and nowhere else', () => {
    const scenario = scenarioOf(
      mirroredText({ duration: '1s', settle: '1s', rtt: '50ms' }),
      'linked.yaml',
    )
    const [spec] = scenario.links
    if (spec?.system !== 'mirror-maker2') throw new Error('a link of MirrorMaker 2')
    const clients = flowClientsOf(spec, scenario, 0, SILENT_TRANSLATION)
    const flow = new FlowConnectors(
      flowFromTo({}),
      { ...clients, observer: { onPolled: () => {} } },
      { offsetFlushTimeoutMs: 5_000 },
    )
    const connectors = [flow.source(() => {}), flow.checkpoint(), flow.heartbeat()]
    expect(connectors.map(({ readsOffsets }) => readsOffsets)).toEqual([true, false, false])
  })
})
