import { expect, it } from 'vitest'
import { LogOpening } from '../../../src/mirror/connect/log-opening.ts'
import type { LogEnds, TopicAdmin } from '../../../src/mirror/connect/log-topic.ts'
import { SECOND } from '../../../src/sim/time.ts'
import { World } from '../../../src/sim/world.ts'
import { topicOf } from './connect-rig.ts'

const ENDS: LogEnds = new Map([[0, 7]])

/** What an administrator answers; each call takes the seconds given. */
interface Answers {
  readonly create?: Parameters<Parameters<TopicAdmin['createTopic']>[2]>[0]
  readonly isThere?: boolean | 'silent'
  readonly ends?: LogEnds | 'REQUEST_TIMED_OUT' | 'TOPIC_AUTHORIZATION_FAILED'
  readonly seconds?: number
}

/** How an opening ends, when, and how many calls it took. */
function opened(answersAt: (second: number) => Answers, makes = true): string {
  const world = new World({ seed: '1' })
  const zone = world.addZone('z', world.addRegion('r'))
  const process = world.addProcess('worker', world.addHost('h', zone))
  let calls = 0
  let end = 'open'
  const at = () => Math.floor(world.now / SECOND)
  const later = (fn: (answers: Answers) => void) => {
    calls++
    const answers = answersAt(at())
    process.timer(() => fn(answers)).arm((answers.seconds ?? 0) * SECOND)
  }
  const admin: TopicAdmin = {
    createTopic: (_topic, _making, done) => later(({ create = 'NONE' }) => done(create, null)),
    hasTopic: (_topic, done) =>
      later(({ isThere = true }) => {
        if (isThere === 'silent') done('REQUEST_TIMED_OUT', false)
        else done('NONE', isThere)
      }),
    endOffsets: (_topic, done) =>
      later(({ ends = ENDS }) => {
        if (typeof ends === 'string') done(ends, null)
        else done('NONE', ends)
      }),
  }
  process.onBoot = () => {
    new LogOpening({
      ...{ process, admin },
      topic: makes ? topicOf('log', 1) : { name: 'log', making: null },
      onOpened: (ends) => {
        end = `${at()} s: ends at ${ends.get(0)}`
      },
      onFailed: (reason) => {
        end = `${at()} s: ${reason}`
      },
    }).start()
  }
  process.start(0)
  world.scheduler.run(2_000 * SECOND)
  return `${end}, ${calls} calls`
}

it('makes the topic, finds it and asks for its end', () => {
  expect(opened(() => ({}))).toBe('0 s: ends at 7, 3 calls')
  expect(opened(() => ({}), false)).toBe('0 s: ends at 7, 2 calls')
})

it('tries for a minute to make the topic while too few brokers are there for it', () => {
  const few = (until: number) => (second: number) => {
    return second < until ? { create: 'INVALID_REPLICATION_FACTOR' as const } : {}
  }
  expect(opened(few(50))).toMatch(/^50 s: ends at 7/)
  expect(opened(few(90))).toMatch(/^60 s: cannot make log: INVALID_REPLICATION_FACTOR/)
  expect(opened(() => ({ create: 'UNKNOWN_SERVER_ERROR' }))).toMatch(/^0 s: cannot make log/)
})

it('leaves the making to others where it may not make topics', () => {
  expect(opened(() => ({ create: 'TOPIC_AUTHORIZATION_FAILED' }))).toMatch(/^0 s: ends at 7/)
})

it('gives a cluster that does not answer one look-up, whatever that takes', () => {
  const silent = () => ({ isThere: 'silent' as const, seconds: 60 })
  expect(opened(silent, false)).toBe('60 s: cannot look up log: REQUEST_TIMED_OUT, 1 calls')
})

it('waits half a minute for a topic that somebody else makes', () => {
  expect(opened((second) => ({ isThere: second >= 20 }), false)).toMatch(/^20 s: ends at 7/)
  expect(opened(() => ({ isThere: false }), false)).toMatch(/^30 s: there is no topic log/)
})

it('asks a quarter of an hour for the end of a topic without a leader, with rests of 10 s', () => {
  const without = (until: number) => (second: number) => {
    return second < until ? { ends: 'REQUEST_TIMED_OUT' as const } : {}
  }
  expect(opened(without(600), false)).toBe('600 s: ends at 7, 62 calls')
  expect(opened(without(5_000), false)).toBe(
    '900 s: cannot find the end of log: REQUEST_TIMED_OUT, 92 calls',
  )
  const refused = () => ({ ends: 'TOPIC_AUTHORIZATION_FAILED' as const })
  expect(opened(refused, false)).toMatch(/^0 s: cannot find the end of log/)
})
