import type {
  AssignablePartition,
  AssignedMember,
  PartitionAssignor,
} from '../../../../src/kafka/groups/assignors/assignor.ts'
import {
  CLIENT_ASSIGNORS,
  SERVER_ASSIGNORS,
} from '../../../../src/kafka/groups/assignors/assignors.ts'
import { compare, type JsonObject, type Outcome } from '../compare.ts'
import {
  list,
  MalformedVector,
  num,
  numbersOf,
  numOr,
  object,
  objects,
  str,
  strOr,
} from '../fields.ts'

/** A group of one kind, its rebalances in order. */
export function replayAssignor(goldenCase: JsonObject): Outcome {
  const assignor = assignorOf(str(goldenCase, 'kind'))
  for (const [i, round] of objects(goldenCase, 'rounds').entries()) {
    const difference = compare(
      `rounds[${i}].assignment`,
      object(round, 'assignment'),
      assign(assignor, round),
    )
    if (difference !== null) return difference
  }
  return null
}

function assignorOf(kind: string): PartitionAssignor {
  const isServer = kind.startsWith('server-')
  const name = kind.replace(/^server-/, '')
  const found = (isServer ? SERVER_ASSIGNORS : CLIENT_ASSIGNORS).find((one) => one.name === name)
  if (found === undefined) throw new MalformedVector(`unknown kind '${kind}'`)
  return found
}

function assign(assignor: PartitionAssignor, round: JsonObject): JsonObject {
  const topics = new Map<string, AssignablePartition[]>()
  const names: string[] = []
  for (const topic of Object.keys(object(round, 'topics'))) {
    const partitions: AssignablePartition[] = []
    for (let number = 0; number < num(object(round, 'topics'), topic); number++) {
      partitions.push({ index: names.length, racks: racksOf(round, topic, number) })
      names.push(`${topic}-${number}`)
    }
    topics.set(topic, partitions)
  }
  const members = new Map<string, AssignedMember>()
  for (const member of objects(round, 'members')) {
    const had = member.owned ?? member.target ?? []
    members.set(str(member, 'id'), {
      topics: list(member, 'topics').map(String),
      ownedPartitions: list({ had }, 'had').map((name) => names.indexOf(String(name))),
      generation: numOr(member, 'generation', -1),
      instance: strOr(member, 'instance', ''),
      rack: strOr(member, 'rack', ''),
    })
  }
  const assignment: JsonObject = {}
  for (const [id, partitions] of assignor.assign(members, topics)) {
    assignment[id] = partitions.map((index) => names[index] ?? null)
  }
  return assignment
}

/** Broker b is in rack 'r' + b; no replicas recorded means no racks. */
function racksOf(round: JsonObject, topic: string, number: number): string[] {
  if (round.replicas === undefined) return []
  const brokers = numbersOf(list(object(round, 'replicas'), topic)[number])
  if (brokers === undefined) throw new MalformedVector(`no replicas of ${topic}-${number}`)
  return brokers.map((broker) => `r${broker}`)
}
