import {
  buildPartitionChange,
  type PartitionChangeWish,
} from '../../../../src/kafka/controller/partition-change.ts'
import {
  mergeChange,
  type PartitionRegistration,
} from '../../../../src/kafka/controller/partition-registration.ts'
import type {
  LeaderRecoveryState,
  PartitionChangeRecord,
} from '../../../../src/kafka/metadata/records.ts'
import { compare, compareAnswer, type Json, type JsonObject, type Outcome } from '../compare.ts'
import { flag, MalformedVector, num, nums, numsOr, object, str, strOr } from '../fields.ts'
import { orThrown } from '../thrown.ts'

/** One build() and one merge(). */
export function replayPartitionChange(goldenCase: JsonObject): Outcome {
  const answer = orThrown(goldenCase, () => changed(goldenCase))
  if (answer.throws !== null) return compareAnswer('case', goldenCase, answer)
  const { record = null, after = null, ...bumps } = answer
  return (
    compare('record', goldenCase.record ?? null, record) ??
    compare('after', goldenCase.after ?? null, after) ??
    compareAnswer('case', goldenCase, bumps)
  )
}

function changed(goldenCase: JsonObject): JsonObject {
  const acceptable = nums(goldenCase, 'acceptable')
  const before = partitionOf(object(goldenCase, 'before'))
  const change = buildPartitionChange(0, before, wishOf(object(goldenCase, 'change')), {
    isAcceptableLeader: (id) => acceptable.includes(id),
    minIsr: num(goldenCase, 'minIsr'),
    elrEnabled: flag(goldenCase, 'elrEnabled'),
    useLastKnownLeader: flag(goldenCase, 'useLastKnownLeaderInBalancedRecovery', true),
    lastKnownLeaderMustBeActive: true,
    bumpLeaderEpochOnIsrShrink: isBelow36(strOr(goldenCase, 'metadataVersion', '4.1')),
  })
  const after = change && mergeChange(before, change)
  return {
    record: change && recordJson(change),
    after: after && partitionJson(after),
    leaderEpochBumped: after && after.leaderEpoch > before.leaderEpoch,
    partitionEpochBumped: after && after.partitionEpoch > before.partitionEpoch,
  }
}

function isBelow36(version: string): boolean {
  const [major = 0, minor = 0] = version.split(/[.-]/).map(Number)
  return major < 3 || (major === 3 && minor < 6)
}

function recoveryOf(text: string): LeaderRecoveryState {
  if (text === 'RECOVERED' || text === 'RECOVERING') return text
  throw new MalformedVector(`unknown recovery state '${text}'`)
}

function partitionOf(json: JsonObject): PartitionRegistration {
  return {
    replicas: nums(json, 'replicas'),
    observers: [],
    addingReplicas: numsOr(json, 'adding', []),
    removingReplicas: numsOr(json, 'removing', []),
    isr: nums(json, 'isr'),
    elr: numsOr(json, 'elr', []),
    lastKnownElr: numsOr(json, 'lastKnownElr', []),
    leader: num(json, 'leader'),
    leaderEpoch: num(json, 'leaderEpoch'),
    partitionEpoch: num(json, 'partitionEpoch'),
    recovery: recoveryOf(strOr(json, 'recovery', 'RECOVERED')),
  }
}

function wishOf(json: JsonObject): PartitionChangeWish {
  const election = strOr(json, 'election', 'ONLINE')
  if (election !== 'ONLINE' && election !== 'PREFERRED' && election !== 'UNCLEAN') {
    throw new MalformedVector(`unknown election '${election}'`)
  }
  const lists = {
    isr: numsOr(json, 'targetIsr', undefined),
    replicas: numsOr(json, 'targetReplicas', undefined),
    addingReplicas: numsOr(json, 'targetAdding', undefined),
    removingReplicas: numsOr(json, 'targetRemoving', undefined),
    uncleanShutdownReplicas: numsOr(json, 'uncleanShutdownReplicas', undefined),
  }
  if (json.targetRecovery === undefined) return { election, ...lists }
  return { election, ...lists, recovery: recoveryOf(str(json, 'targetRecovery')) }
}

function recordJson(change: PartitionChangeRecord): JsonObject {
  const { isr, leader, replicas, addingReplicas, removingReplicas, elr, lastKnownElr } = change
  return withoutAbsent({
    isr,
    leader,
    replicas,
    adding: addingReplicas,
    removing: removingReplicas,
    elr,
    lastKnownElr,
    recovery: change.recovery,
  })
}

type Field = readonly number[] | number | string | undefined

function withoutAbsent(fields: Readonly<Record<string, Field>>): JsonObject {
  const json: JsonObject = {}
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) json[key] = typeof value === 'object' ? [...value] : value
  }
  return json
}

function partitionJson(partition: PartitionRegistration): Json {
  const { addingReplicas, removingReplicas } = partition
  return withoutAbsent({
    replicas: partition.replicas,
    leader: partition.leader,
    isr: partition.isr,
    elr: partition.elr,
    lastKnownElr: partition.lastKnownElr,
    leaderEpoch: partition.leaderEpoch,
    partitionEpoch: partition.partitionEpoch,
    recovery: partition.recovery,
    adding: addingReplicas.length > 0 ? addingReplicas : undefined,
    removing: removingReplicas.length > 0 ? removingReplicas : undefined,
  })
}
