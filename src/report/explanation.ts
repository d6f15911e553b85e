import type { RecordRange, RunResult } from '../contract.ts'
import { linkTroubles } from './link-troubles.ts'
import { count, duration } from './quantity.ts'
import { whyText } from './why.ts'

/**
 * What a run lost, how long it stood, what it wrote twice, whom it refused, and what ended or held
 * up a link; each with its causes.
 */
export function explanationText(result: RunResult): string {
  const losses = result.rpo.lostRanges.map((range) => {
    const { partition, producer, count: records, firstNumber, cause } = range
    const first = `${producer}/${partition}/${firstNumber}`
    const head = `${someRecords(records)} of ${producer} lost in ${partition}, from ${first}:\n`
    return head + (cause === null ? 'nothing was seen to take them\n' : whyText(result, cause))
  })
  const { worst, backAtMs, ms } = result.rto.produce
  const decision = result.timeline.findLast(({ kind, partition, atMs }) => {
    return kind === 'partition' && partition === worst && atMs <= (backAtMs ?? atMs)
  })
  if (worst !== null && decision !== undefined) {
    const length = ms === null ? 'until the end' : `for ${duration(ms)}`
    losses.push(`${worst} took no writes ${length}; decided by:\n${whyText(result, decision.id)}`)
  }
  losses.push(...repeats(result), ...refusals(result), ...held(result))
  if (losses.length === 0) return 'Nothing was lost and nothing stopped.\n'
  return losses.join('\n')
}

/** The first time that each client was told that it may not do something. */
function refusals(result: RunResult): string[] {
  const told = new Set<string>()
  return result.timeline.flatMap(({ id, kind, actor }) => {
    if (kind !== 'unauthorized' || told.has(actor)) return []
    told.add(actor)
    return [`${actor} was refused; it came there by:\n${whyText(result, id)}`]
  })
}

/** Links that copy nothing, or not all, after something that they met. */
function held(result: RunResult): string[] {
  return linkTroubles(result.timeline).map(({ id, actor }) => {
    return `${actor} met trouble; it came there by:\n${whyText(result, id)}`
  })
}

/** What stands twice in a log because its producer tried again, an error at a time. */
function repeats(result: RunResult): string[] {
  const together = new Map<string, RecordRange[]>()
  for (const range of result.repeatedRanges) {
    const key = `${range.partition}\n${range.producer}\n${range.cause}`
    together.set(key, [...(together.get(key) ?? []), range])
  }
  return [...together.values()].flatMap((ranges) => {
    const [first] = ranges
    if (first === undefined) return []
    const { partition, producer, firstNumber, cause } = first
    const records = ranges.reduce((sum, range) => sum + range.count, 0)
    const name = `${producer}/${partition}/${firstNumber}`
    const head = `${someRecords(records)} of ${producer} twice in ${partition}, from ${name}`
    if (cause === null) return [`${head}; no error was seen\n`]
    return [`${head}, sent again after:\n${whyText(result, cause)}`]
  })
}

function someRecords(n: number): string {
  return n === 1 ? '1 record' : `${count(n)} records`
}
