import { expect, it } from 'vitest'
import { Consumer } from '../../../src/kafka/clients/consumer.ts'
import { CONSUMER_DEFAULTS } from '../../../src/kafka/clients/consumer-config.ts'
import { batch, ScriptedLog } from './scripted-log.ts'

it('a consumer that its owner closes in the middle of a poll says nothing more', () => {
  const log = new ScriptedLog([1], 20)
  const told: string[] = []
  const made: Consumer[] = []
  log.rig.boot(() => {
    const consumer = new Consumer(log.rig.client, log.rig.world.network, log.rig, {
      config: CONSUMER_DEFAULTS,
      topics: ['t'],
      assignments: [{ partition: 0, start: 0 }],
      bootstrapNodes: log.brokers,
      polls: 'by-owner',
      observer: { onDelivered: () => void told.push('delivered') },
      channel: { receiveServiceMicros: 0 },
    })
    consumer.poll(3_000, () => told.push('polled'))
    made.push(consumer)
  })
  log.rig.runMs(1_000)
  made[0]?.close()
  log.logOf(1).push(batch(0, 50, 1))
  log.rig.runMs(60_000)
  expect(told).toEqual([])
})
