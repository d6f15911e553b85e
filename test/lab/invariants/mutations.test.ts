// Each invariant with a bug under which it is the first to break, beside the same story without.

import { describe, expect, it } from 'vitest'
import { INVARIANTS, type InvariantNumber } from '../../../src/lab/invariants/table.ts'
import * as bugs from './bugs.ts'
import { type Bug, brokenBy, type Setting } from './rig.ts'

interface Mutation {
  readonly story: Setting
  /** What is wrong, in words. */
  readonly wrong: string
  /** A part of the model broken in place; absent where `without` says it. */
  readonly bug?: Bug
  /** Guards of Kafka that are switched off. */
  readonly without?: NonNullable<Setting['guards']>
}

const ELR_OFF = { elr: false }
const CRASH_3 = { at: '5s', for: '8s', crash: 'broker-3' }
const STOP_3 = { at: '5s', for: '8s', 'controlled-shutdown': 'broker-3' }
const LOSE_1 = { at: '8.011s', for: '20s', 'host-loss': { target: 'broker-1', model: 'stop' } }
const ALONE_1 = { at: '8.02s', for: '15s', isolate: 'broker-1' }
/** Broker 1 and its producer are cut off from everybody else. */
const CUT_1 = { at: '8s', for: '15s', isolate: 'region r1' }

const MUTATIONS: Readonly<Record<InvariantNumber, Mutation>> = {
  I1: {
    story: { faults: [CRASH_3] },
    wrong: 'a broker takes itself for the leader of every epoch',
    bug: bugs.brokerApplies(2, (registration) => ({ ...registration, leader: 2 })),
  },
  I2: {
    story: { faults: [CRASH_3] },
    wrong: 'a broker counts an ISR change as a new leader epoch',
    bug: bugs.brokerApplies(2, (registration) => ({
      ...registration,
      leaderEpoch: registration.leaderEpoch + 1,
    })),
  },
  I3: {
    story: { faults: [LOSE_1] },
    wrong: 'the controller elects from outside the ISR',
    bug: bugs.controllerWrites((record, { isr }) =>
      record.leader === undefined || record.leader < 0
        ? record
        : { ...record, isr: isr.filter((id) => id !== record.leader) },
    ),
  },
  I4: {
    story: { minIsr: 2, faults: [CRASH_3, { at: '6s', for: '25s', crash: 'broker-2' }] },
    wrong: 'the ELR keeps who has not come back when the ISR is large enough again',
    bug: bugs.controllerWrites((record, { elr }) =>
      record.elr?.length === 0 && record.isr !== undefined
        ? { ...record, elr: elr.filter((id) => !record.isr?.includes(id)) }
        : record,
    ),
  },
  I5: {
    story: { guards: ELR_OFF, replicas: [3], faults: [CRASH_3] },
    wrong: 'the last member leaves the ISR when it is fenced',
    bug: bugs.controllerWrites((record) =>
      record.leader === -1 ? { ...record, isr: [] } : record,
    ),
  },
  I6: {
    story: { faults: [CRASH_3] },
    wrong: 'a fenced follower stays in the ISR',
    bug: bugs.controllerWrites((record) => (record.isr?.includes(3) === false ? null : record)),
  },
  I7: {
    story: { faults: [{ at: '5s', isolate: 'region r3' }] },
    wrong: 'a follower takes its leader’s high watermark as it comes',
    bug: bugs.unclampedHighWatermark(3, 1),
  },
  I8: {
    story: { until: 5 },
    wrong: 'a leader’s high watermark goes back with each append',
    bug: bugs.fallingHighWatermark(1),
  },
  I9: {
    story: { acks: '1', faults: [LOSE_1] },
    wrong: 'a new leader takes its high watermark for the start of its epoch',
    bug: bugs.epochStartsAtHighWatermark,
  },
  I10: {
    story: {
      guards: ELR_OFF,
      minIsr: 2,
      acks: '1',
      faults: [{ at: '5s', crash: 'broker-2 and broker-3' }],
    },
    wrong: 'the high watermark does not ask how many are in sync',
    without: { minIsrGatesHighWatermark: false },
  },
  I11: {
    story: { faults: [STOP_3] },
    wrong: 'a proposed member does not count until it is confirmed',
    bug: bugs.proposedDoesNotCount(1),
  },
  I12: {
    story: { acks: '1', until: 5 },
    wrong: 'a leader counts what it sends as fetched',
    bug: bugs.sentIsFetched(1),
  },
  I13: {
    story: { acks: '1', faults: [LOSE_1] },
    wrong: 'a new leader cuts its log to its own high watermark',
    bug: bugs.brokerApplies(2, (registration, cluster) => {
      const log = cluster.log(2)
      if (registration.leader === 2) log.truncateTo(log.highWatermark)
      return registration
    }),
  },
  I14: {
    story: { guards: ELR_OFF, minIsr: 2, faults: [CUT_1] },
    wrong: 'acks=all is answered with the append',
    bug: bugs.answersAtOnce(1),
  },
  I15: {
    story: { minIsr: 2, faults: [CUT_1] },
    wrong: 'acks=all is answered with the append',
    bug: bugs.answersAtOnce(1),
  },
  I16: {
    story: { acks: '1', until: 5 },
    wrong: 'the high watermark goes to the log’s end',
    bug: bugs.highWatermarkAtLogEnd(1),
  },
  I17: {
    story: { minIsr: 2, faults: [CRASH_3, { at: '5.5s', for: '25s', crash: 'broker-2' }] },
    wrong: 'who comes back from a crash stays eligible',
    without: { uncleanReplicaLeavesElr: false },
  },
  I18: {
    story: { until: 5 },
    wrong: 'a follower writes other records than it was sent',
    bug: bugs.followerGarbles(3),
  },
  I19: {
    story: { guards: ELR_OFF, acks: '1', faults: [ALONE_1] },
    wrong: 'a leader does not tell a follower that their logs have parted',
    bug: bugs.tellsOfNoDivergence(2),
  },
  I20: {
    story: { minIsr: 2, acks: '1', consumer: true, faults: [CUT_1] },
    wrong: 'a broker hands out what is not committed',
    bug: bugs.servesToLogEnd(1),
  },
  I23: {
    story: { faults: [CRASH_3] },
    wrong: 'a node writes another record into its metadata log',
    bug: bugs.rewritesMetadata(2),
  },
}

describe.each(INVARIANTS)('$number: $sentence', ({ number }) => {
  const { story, wrong, bug, without } = MUTATIONS[number]

  it(`is the first to break where ${wrong}`, () => {
    const setting = { ...story, guards: { ...story.guards, ...without } }
    expect(brokenBy(setting, bug)[0]).toBe(number)
  })

  it('holds in the same story without that', () => {
    expect(brokenBy(story)).toEqual([])
  })
})
