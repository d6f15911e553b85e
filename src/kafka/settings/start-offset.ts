// Models: mirror.start.offset.spec: the beginning, the end, or a time as ISO 8601 writes it.
// Leaves out: zones other than UTC; a run begins at 1970-01-01T00:00:00Z.
// Source: Confluent's docs (mirror.start.offset.spec).

import type { OffsetAt } from '../messages.ts'

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?Z$/
const MS_A_DAY = 86_400_000

/** null where it is none of the three. */
export function startOffsetOf(text: string): OffsetAt | null {
  if (text === 'earliest' || text === 'latest') return text
  const found = TIME.exec(text)
  if (found === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((digits) => Number(digits ?? 0))
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= 31
  if (!isDate || hour > 23 || minute > 59 || second > 59) return null
  const ms = Number((found[7] ?? '0').padEnd(3, '0'))
  const time = ((hour * 60 + minute) * 60 + second) * 1_000 + ms
  return { timestampMs: daysSince1970(year, month, day) * MS_A_DAY + time }
}

/** Years are counted from March, so that a leap day is the last of its year. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1
  const monthFromMarch = (month + 9) % 12
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)
  return 365 * y + leapDays + Math.floor((153 * monthFromMarch + 2) / 5) + day - 1 - 719_468
}
