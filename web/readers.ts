// How far readers were behind what each region writes, where several regions do.

import type { RunResult } from '../src/contract.ts'
import { count, duration } from './format.ts'

const LINES_MAX = 8

/** A verdict card's rows: at worst, and what is still missing at the end. */
export function readerFigures({ regionLags }: RunResult): (readonly [string, string])[] {
  if (new Set(regionLags.map(({ region }) => region)).size < 2) return []
  const lines = regionLags
    .slice(0, LINES_MAX)
    .map(({ group, region, records, recordsMax, ageMsMax }): [string, string] => {
      const open = records === 0 ? '' : `; ${count(records)} at the end`
      const most = `${count(recordsMax)} records, ${duration(ageMsMax)}`
      return [`${group} ← ${region}`, `${most}${open}`]
    })
  const more = regionLags.length - lines.length
  return more > 0 ? [...lines, [`${more} more`, 'in the JSON']] : lines
}
