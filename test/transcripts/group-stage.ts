// One coordinator and the members of group g, whose requests the story writes:
//
//   coordinator [partitions=2]              sets the stage; topic t has so many partitions
//   join ann [instance=i] [session=10s] [rebalance=60s]   JoinGroup, with the id she was given
//   sync ann [ann=0,1] [bob=-]              SyncGroup; the leader's says who gets what
//   beat ann [instance=i]                   Heartbeat, in the generation she knows
//   leave ann
//   commit ann 0=17                         OffsetCommit of partition 0 at 17
//   beat848 ann [owned=0,1] [instance=i]    ConsumerGroupHeartbeat in the epoch she knows
//   leave848 ann
//   wait 3s                                 lets time pass and tells what was answered
//   hold | replicate                        what is written stays unreplicated, or is replicated
//   move                                    another broker takes the coordinator over
//
// Answers that come later are told where they come.

import type { GroupReply } from '../../src/kafka/group-messages.ts'
import { type Answer, ShardRig } from '../kafka/groups/shard-rig.ts'
import { microsOf, numbersOf, type Stage, unknownCommand } from './stage.ts'
import type { Command } from './transcript.ts'

interface Member {
  id: string
  generation: number
}

interface Waiting {
  readonly who: string
  readonly answer: Answer<GroupReply>
}

const MICROS = 1_000_000

export class GroupStage implements Stage {
  readonly #rig = new ShardRig()
  readonly #members = new Map<string, Member>()
  #waiting: Waiting[] = []
  #told = 0

  constructor(command: Command) {
    this.#rig.partitions = Number(command.options.get('partitions') ?? 2)
  }

  play(command: Command): string[] {
    this.#act(command)
    return [...this.#news(), ...this.#answers()]
  }

  #act(command: Command): void {
    const { verb, words } = command
    const who = words[0] ?? ''
    switch (verb) {
      case 'coordinator':
        return
      case 'join':
        this.#wait(who, this.#join(who, command))
        return
      case 'sync':
        this.#wait(who, this.#sync(who, command))
        return
      case 'beat':
      case 'leave':
        this.#wait(who, { response: this.#simple(verb, who, command) })
        return
      case 'commit':
        this.#wait(who, this.#commit(who, command))
        return
      case 'beat848':
      case 'leave848':
        this.#wait(who, this.#beat848(who, command))
        return
      case 'wait':
        this.#rig.wait(microsOf(words[0]) / MICROS)
        return
      case 'hold':
        this.#rig.replicates = false
        return
      case 'replicate':
        this.#rig.replicates = true
        this.#rig.replicate()
        return
      case 'move':
        this.#rig.reload()
        return
      default:
        unknownCommand(command)
    }
  }

  #member(who: string): Member {
    const known = this.#members.get(who) ?? { id: '', generation: -1 }
    this.#members.set(who, known)
    return known
  }

  #join(who: string, { options }: Command): Answer<GroupReply> {
    const { id } = this.#member(who)
    const instance = options.get('instance') ?? ''
    return this.#rig.join({
      member: id,
      instance,
      clientId: who,
      sessionTimeoutMs: microsOf(options.get('session') ?? '10s') / 1_000,
      rebalanceTimeoutMs: microsOf(options.get('rebalance') ?? '60s') / 1_000,
    })
  }

  #sync(who: string, { options }: Command): Answer<GroupReply> {
    const { id, generation } = this.#member(who)
    const assignments = [...options]
      .filter(([name]) => name !== 'instance')
      .map(([name, partitions]) => ({
        member: this.#member(name).id,
        partitions: numbersOf(partitions),
      }))
    const instance = options.get('instance') ?? ''
    return this.#rig.sync({ member: id, generation, instance, assignments })
  }

  #simple(verb: 'beat' | 'leave', who: string, { options }: Command): GroupReply {
    const { id, generation } = this.#member(who)
    const isBeat = verb === 'beat'
    const instance = options.get('instance') ?? ''
    const error = isBeat ? this.#rig.heartbeat(id, generation, { instance }) : this.#rig.leave(id)
    return { api: isBeat ? 'Heartbeat' : 'LeaveGroup', error }
  }

  #commit(who: string, { options }: Command): Answer<GroupReply> {
    const { id, generation } = this.#member(who)
    const offsets = [...options].map(([partition, offset]) => ({
      partition: Number(partition),
      offset: Number(offset),
      leaderEpoch: 0,
    }))
    return this.#rig.commit({ member: id, generation, offsets })
  }

  #beat848(who: string, { verb, options }: Command): Answer<GroupReply> {
    const member = this.#member(who)
    member.id = who
    const epoch = verb === 'leave848' ? -1 : Math.max(0, member.generation)
    const owned = options.get('owned')
    const isJoining = epoch === 0
    return this.#rig.beat(who, epoch, {
      clientId: who,
      instance: options.get('instance') ?? '',
      ...(owned === undefined && !isJoining ? {} : { owned: numbersOf(owned) }),
    })
  }

  // ---- what came of it --------------------------------------------------------------------------

  #wait(who: string, answer: Answer<GroupReply>): void {
    this.#waiting.push({ who, answer })
  }

  #news(): string[] {
    const news = this.#rig.told.slice(this.#told)
    this.#told = this.#rig.told.length
    return news.map((line) => `group  ${this.#named(line)}`)
  }

  #answers(): string[] {
    const lines: string[] = []
    this.#waiting = this.#waiting.filter(({ who, answer }) => {
      const { response } = answer
      if (response === null) return true
      this.#learn(who, response)
      lines.push(`${who}  ${this.#answerLine(response)}`)
      return false
    })
    return lines
  }

  #learn(who: string, response: GroupReply): void {
    const member = this.#member(who)
    if (response.api === 'JoinGroup') {
      member.id = response.member
      if (response.error === 'NONE') member.generation = response.generation
    } else if (response.api === 'ConsumerGroupHeartbeat') {
      member.generation = response.error === 'NONE' ? response.memberEpoch : 0
    }
  }

  #answerLine(response: GroupReply): string {
    if ('error' in response && response.error !== 'NONE') return response.error
    switch (response.api) {
      case 'JoinGroup': {
        const { generation, leader, members, skipAssignment } = response
        const names = members.map(({ member }) => this.#named(member)).join(', ')
        const role = names === '' ? `led by ${this.#named(leader)}` : `leads ${names}`
        return `generation ${generation}, ${role}${skipAssignment ? ', as assigned before' : ''}`
      }
      case 'SyncGroup':
        return `gets ${partitionsLine(response.partitions)}`
      case 'ConsumerGroupHeartbeat': {
        const { memberEpoch, assignment } = response
        const told = assignment === null ? '' : `, owns ${partitionsLine(assignment)}`
        return `epoch ${memberEpoch}${told}`
      }
      default:
        return 'ok'
    }
  }

  /** Names in the place of ids, which are drawn. */
  #named(text: string): string {
    let named = text
    for (const [name, { id }] of this.#members) {
      if (id !== '') named = named.replaceAll(id, name)
    }
    return named
  }
}

function partitionsLine(partitions: readonly number[]): string {
  return partitions.length === 0 ? 'nothing' : partitions.map((one) => `t-${one}`).join(' ')
}
