import { expect, it } from 'vitest'
import { Consumer } from '../../../src/kafka/clients/consumer.ts'
import { CONSUMER_DEFAULTS } from '../../../src/kafka/clients/consumer-config.ts'
import { batch, ScriptedLog } from './scripted-log.ts'

/** A consumer from offset 0 that its owner polls, at most 30 records at a time. */
function start(log: ScriptedLog, topics: readonly string[] = ['t']) {
  const delivered: [from: number, to: number][] = []
  const made: Consumer[] = []
  log.rig.boot(() => {
    made.push(
      new Consumer(log.rig.client, log.rig.world.network, log.rig, {
        config: { ...CONSUMER_DEFAULTS, maxPollRecords: 30 },
        topics,
        assignments: [{ partition: 0, start: 0 }],
        bootstrapNodes: log.brokers,
        polls: 'by-owner',
        observer: { onDelivered: (_p, _b, from, to) => void delivered.push([from, to]) },
        channel: { receiveServiceMicros: 0 },
      }),
    )
  })
  const [consumer] = made
  if (consumer === undefined) throw new Error('not booted')
  const polled: number[] = []
  const poll = (timeoutMs = 1_000) => consumer.poll(timeoutMs, (records) => polled.push(records))
  return { consumer, delivered, polled, poll }
}

function filled(): ScriptedLog {
  const log = new ScriptedLog([1], 20)
  log.logOf(1).push(batch(0, 50, 1), batch(50, 50, 1))
  return log
}

it('gives nothing before it is polled, and at most max.poll.records a poll', () => {
  const log = filled()
  const { delivered, polled, poll } = start(log)
  log.rig.runMs(5_000)
  expect(delivered).toEqual([])
  for (const expected of [[30], [30, 30], [30, 30, 30], [30, 30, 30, 10]]) {
    poll()
    log.rig.runMs(900)
    expect(polled).toEqual(expected)
  }
  expect(delivered.at(-1)).toEqual([90, 100])
})

it('returns with nothing when the time of a poll is over', () => {
  const log = filled()
  const { consumer, polled, poll } = start(log)
  consumer.seek(0, 100)
  poll(3_000)
  log.rig.runMs(2_999)
  expect(polled).toEqual([])
  log.rig.runMs(2)
  expect(polled).toEqual([0])
})

it('goes on from where its owner seeks, also with records fetched already', () => {
  const log = filled()
  const { consumer, delivered, poll } = start(log)
  poll()
  log.rig.runMs(900)
  expect(consumer.position(0)).toBe(30)
  consumer.seek(0, 80)
  expect(consumer.position(0)).toBe(80)
  poll()
  log.rig.runMs(900)
  expect(delivered).toEqual([
    [0, 30],
    [80, 100],
  ])
})

it('refuses a second poll while one is under way', () => {
  const log = filled()
  const { poll } = start(log)
  poll()
  expect(() => poll()).toThrow(/one poll/)
})
