// The committed metadata log in the words of an experiment file.

import type { MetadataRecord, PartitionChangeRecord } from '../../../src/kafka/metadata/records.ts'
import type { Simulation } from '../../../src/lab/simulation.ts'
import type { Micros } from '../../../src/sim/time.ts'

export interface LogLine {
  readonly ms: number
  /** The same text for the same content; member lists of ISR and ELR are sorted. */
  readonly text: string
}

/** Lines between `from` and `until` about brokers and these partitions; times from the fault. */
export function controllerLog(
  simulation: Simulation,
  partitions: readonly number[],
  faultAt: Micros,
  from: Micros,
  until: Micros,
): LogLine[] {
  const lines: LogLine[] = []
  for (const { at, record } of simulation.control.log) {
    if (at < from || at > until) continue
    const text = lineOf(record, partitions)
    if (text !== null) lines.push({ ms: (at - faultAt) / 1000, text })
  }
  return lines
}

function lineOf(record: MetadataRecord, partitions: readonly number[]): string | null {
  switch (record.type) {
    case 'RegisterBroker':
      return `broker ${record.brokerId} registered`
    case 'BrokerRegistrationChange':
      if (record.inControlledShutdown === true)
        return `broker ${record.brokerId} controlled shutdown`
      if (record.fenced === undefined) return null
      return `broker ${record.brokerId} ${record.fenced ? 'fenced' : 'unfenced'}`
    case 'PartitionChange': {
      const number = partitions.indexOf(record.partition)
      return number < 0 ? null : canonicalLine(`partition ${changeJson(record, number)}`)
    }
    default:
      return null
  }
}

function changeJson(record: PartitionChangeRecord, number: number): string {
  const { leader, isr, elr, lastKnownElr, recovery } = record
  const leaderRecoveryState = recovery === undefined ? undefined : recovery === 'RECOVERING' ? 1 : 0
  return JSON.stringify({
    topic: 't',
    p: number,
    leader,
    isr,
    elr,
    lastKnownElr,
    leaderRecoveryState,
  })
}

/** Sets in one order, keys in one order: two lines with the same content become equal. */
export function canonicalLine(text: string): string {
  if (!text.startsWith('partition ')) return text
  const fields = JSON.parse(text.slice('partition '.length)) as Record<string, unknown>
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  const sorted = entries.map(([key, value]) => {
    const isSet = Array.isArray(value) && key !== 'replicas'
    return [key, isSet ? [...value].sort((a, b) => a - b) : value] as const
  })
  sorted.sort(([a], [b]) => (a < b ? -1 : 1))
  return `partition ${JSON.stringify(Object.fromEntries(sorted))}`
}
