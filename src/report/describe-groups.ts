// What `kafka-consumer-groups --describe` prints, blank for blank.

import type { GroupDescription } from '../contract.ts'

const HEADER = [
  ...['GROUP', 'TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG'],
  ...['CONSUMER-ID', 'HOST', 'CLIENT-ID'],
]
const WIDTHS = [15, 15, 10, 15, 15, 15, 15, 15, 0]
/** Columns that grow with what they hold. */
const GROWING = [0, 1, 6, 7]
const MISSING = '-'

/** Each group's table, with the warning that Kafka's tool puts before it. */
export function describeGroups(groups: readonly GroupDescription[]): string {
  return groups.map((group) => warningOf(group) + tableOf(group)).join('')
}

function warningOf({ group, state }: GroupDescription): string {
  if (state === 'Stable') return ''
  if (state === 'Empty') return `\nConsumer group '${group}' has no active members.\n`
  return `\nWarning: Consumer group '${group}' is rebalancing.\n`
}

function tableOf(group: GroupDescription): string {
  if (group.rows.length === 0) return ''
  const cells = group.rows.map((row) => {
    const { topic, partition, currentOffset, logEndOffset, member } = row
    const isKnown = currentOffset !== null && logEndOffset !== null
    const lag = isKnown ? Math.max(0, logEndOffset - currentOffset) : null
    const who = [member?.consumerId, member?.host, member?.clientId]
    return [group.group, topic, partition, currentOffset, logEndOffset, lag, ...who].map((cell) =>
      String(cell ?? MISSING),
    )
  })
  const widths = WIDTHS.map((width, column) =>
    GROWING.includes(column)
      ? Math.max(width, ...cells.map((row) => row[column]?.length ?? 0))
      : width,
  )
  const line = (row: readonly string[]) =>
    `\n${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' ')}`
  return `${[HEADER, ...cells].map(line).join('')}\n`
}
