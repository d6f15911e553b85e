// Brokers with one partition, t-0, and a controller that does what the story says:
//
//   cluster 1 2 3 [isr=1,2,3] [version=3.6] [off=guard,guard] [min-isr=2]   sets the stage
//   produce 1 a b [acks=all|1] [seq=0]      one batch of records a and b to broker 1
//   run 20ms                                lets time pass and tells what arrived
//   cut 3 | heal 3                          nothing from and to 3 arrives, or does again
//   kill 1 | start 1 | power-loss 1         kill -9 keeps the page cache
//   elect 2 [isr=2,3] [to=2,3]              leader and ISR, shown to these brokers
//   see 3                                   a broker learns all that the controller has decided
//   accept | refuse INELIGIBLE_REPLICA      the controller's answer to the oldest AlterPartition
//   state                                   each replica: role, epoch, log, watermark, leader's ISR

import type { KafkaError } from '../../src/kafka/errors.ts'
import type { Acks, AlterPartitionResponse, Request, Response } from '../../src/kafka/messages.ts'
import { GUARD_NAMES, type GuardName } from '../../src/kafka/version.ts'
import { BrokerBench, produceOf } from '../kafka/broker/broker-bench.ts'
import { produced } from '../kafka/log/batches.ts'
import { idOf, isrWishLine, messageLine, recordsLine } from './message-lines.ts'
import { microsOf, numbersOf, type Stage, unknownCommand } from './stage.ts'
import type { Command } from './transcript.ts'

const ACKS: Readonly<Record<string, Acks>> = { all: -1, '1': 1, '0': 0 }

export class ClusterStage implements Stage {
  readonly #bench: BrokerBench
  readonly #ids: readonly number[]
  /** Heard since the last command. */
  #lines: string[] = []
  /** Producers that wait for an answer. */
  #waiting: { readonly name: string; readonly answers: (Response | null | 'done')[] }[] = []
  #wishesTold = 0
  /** The last fetch of each follower. */
  readonly #lastFrom = new Map<number, string>()

  constructor(command: Command) {
    const { options } = command
    this.#ids = command.words.map(Number)
    const off = (options.get('off') ?? '').split(',').filter((name) => name !== '')
    const minIsr = options.get('min-isr')
    const lag = options.get('lag')
    this.#bench = new BrokerBench(this.#ids, {
      version: options.get('version') ?? '4.1',
      guards: Object.fromEntries(off.map((name) => [guardNamed(name), false])),
      configs: minIsr === undefined ? {} : { 'min.insync.replicas': minIsr },
      broker: lag === undefined ? {} : { replicaLagTimeMaxMs: microsOf(lag) / 1_000 },
    })
    this.#bench.onMessage = (from, to, message) => this.#hear(from, to, message)
    this.#bench.create(0, { isr: numbersOf(options.get('isr'), this.#ids) })
    this.#bench.run(0)
  }

  /** A long poll that ends without news, and the same question again, are not told. */
  #hear(from: number, to: number, message: Request | Response): void {
    const line = messageLine(from, to, message)
    if (line === null || line === this.#lastFrom.get(from)) return
    if (message.api === 'Fetch' && 'replicaId' in message) this.#lastFrom.set(from, line)
    this.#lines.push(line)
  }

  play(command: Command): string[] {
    const lines = this.#act(command)
    return [...lines, ...this.#heard()]
  }

  #act(command: Command): string[] {
    const { verb, words, options } = command
    const id = Number(words[0])
    const bench = this.#bench
    switch (verb) {
      case 'cluster':
        return []
      case 'produce':
        return this.#produce(id, words.slice(1), options)
      case 'run':
        bench.run(microsOf(words[0]))
        return []
      case 'cut':
      case 'heal':
        bench.cut(id, verb === 'cut')
        return []
      case 'kill':
        return this.#stop(id, () => bench.kill(id))
      case 'power-loss':
        return this.#stop(id, () => bench.powerLoss(id))
      case 'start':
        bench.start(id)
        return []
      case 'elect':
        return this.#elect(id, options)
      case 'see':
        bench.catchUp(id)
        return []
      case 'accept':
      case 'refuse':
        this.#answer(verb === 'accept' ? 'NONE' : (words[0] as KafkaError))
        return []
      case 'state':
        return this.#ids.map((one) => this.#stateLine(one))
      default:
        return unknownCommand(command)
    }
  }

  #produce(id: number, letters: readonly string[], options: ReadonlyMap<string, string>): string[] {
    const sequence = options.get('seq')
    const isIdempotent = sequence === undefined ? {} : { producerId: 7, producerEpoch: 0 }
    const batch = produced({
      count: letters.length,
      firstRecordId: idOf(letters[0] ?? 'a'),
      ...isIdempotent,
      baseSequence: sequence === undefined ? -1 : Number(sequence),
    })
    const acks = ACKS[options.get('acks') ?? 'all'] ?? -1
    const answers = this.#bench.ask(id, produceOf(batch, acks))
    this.#waiting.push({ name: letters.join(' '), answers })
    return []
  }

  #stop(id: number, how: () => void): string[] {
    how()
    return [`${id} is down`]
  }

  #elect(leader: number, options: ReadonlyMap<string, string>): string[] {
    const isr = numbersOf(options.get('isr'))
    const to = numbersOf(options.get('to'), this.#ids)
    const change = { type: 'PartitionChange', partition: 0, leader } as const
    this.#bench.commit(isr.length === 0 ? change : { ...change, isr }, to)
    return []
  }

  #answer(error: KafkaError): void {
    this.#wishesTold--
    if (error === 'NONE') {
      this.#bench.acceptIsr()
      return
    }
    const call = this.#bench.toController.shift()
    if (call?.request.api !== 'AlterPartition') throw new Error('no AlterPartition to refuse')
    const partitions = call.request.partitions.map(
      ({ partition, leaderEpoch, partitionEpoch }) => ({
        ...{ partition, error, leader: -1, leaderEpoch, partitionEpoch },
        ...{ isr: [], recovery: 'RECOVERED' as const },
      }),
    )
    const response: AlterPartitionResponse = { api: 'AlterPartition', error: 'NONE', partitions }
    call.caller.onReply(call.request, response, null, 100)
  }

  // ---- what was heard ---------------------------------------------------------------------------

  #heard(): string[] {
    const lines = [...this.#lines, ...this.#wishes(), ...this.#answers()]
    this.#lines = []
    return lines
  }

  #wishes(): string[] {
    const calls = this.#bench.toController.slice(this.#wishesTold)
    this.#wishesTold = this.#bench.toController.length
    return calls.flatMap(({ request }) =>
      request.api === 'AlterPartition' ? [isrWishLine(request)] : [],
    )
  }

  #answers(): string[] {
    const lines: string[] = []
    this.#waiting = this.#waiting.filter(({ name, answers }) => {
      const [answer] = answers
      if (answer === undefined) return true
      lines.push(`producer hears of ${name}: ${producedLine(answer)}`)
      return false
    })
    return lines
  }

  #stateLine(id: number): string {
    const partition = this.#bench.partitionOf(id)
    if (partition === null) return `${id}  down`
    const { log, leaderEpoch, isLeader, isrState } = partition
    const role = isLeader ? 'leads' : 'follows'
    const records = recordsLine(log.batches())
    const known = `${id}  ${role.padEnd(7)} in ${leaderEpoch}  ${records}`
    const watermark = `watermark ${log.highWatermark}`
    if (!isLeader) return `${known}  ${watermark}`
    const isr = isrState.isr.join(',')
    const maximal = isrState.maximal.join(',')
    return `${known}  ${watermark}  ISR ${isr}${maximal === isr ? '' : `, maximal ${maximal}`}`
  }
}

function producedLine(answer: Response | null | 'done'): string {
  if (answer === null) return 'the connection is closed'
  if (answer === 'done' || answer.api !== 'Produce') return 'nothing'
  const [entry] = answer.partitions
  if (entry === undefined) return 'nothing'
  return entry.error === 'NONE' ? `offset ${entry.baseOffset}` : entry.error
}

function guardNamed(name: string): GuardName {
  const guard = GUARD_NAMES.find((one) => one === name)
  if (guard === undefined) throw new Error(`no guard is called "${name}"`)
  return guard
}
