// What became of consumer groups, as tables for the terminal.

import type { RunResult } from '../contract.ts'
import type { Palette } from './palette.ts'
import { count, duration } from './quantity.ts'
import { table } from './text-table.ts'

type Group = RunResult['groups'][number]

/** From good to bad. */
const LAG_STATES = ['ok', 'slow', 'stopped', 'stalled', 'rewound'] as const

/** Nothing of a run in which nobody reads. */
export function groupTables(result: RunResult, palette: Palette): string[] {
  const { groups: all, regionLags } = result
  const own = all.filter(({ kind }) => kind === 'application')
  const others = all.filter(({ kind }) => kind === 'replicator')
  return [
    ...groupTable('Groups', own, palette),
    ...serviceTable(others, palette),
    ...regionTable(regionLags, palette),
  ]
}

function groupTable(title: string, all: readonly Group[], palette: Palette): string[] {
  if (all.length === 0) return []
  const head = [
    ...['', 'rebalances', 'in', 'members out', 'again', 'skipped'],
    ...['lag', 'most', 'age', 'most', 'state'],
  ]
  return titled(title, [head, ...all.map(groupRow)], 2, palette)
}

/** What these read and commit is told by the links: only applications are followed by id. */
function serviceTable(all: readonly Group[], palette: Palette): string[] {
  if (all.length === 0) return []
  const rows = all.map(({ group, rebalances, rebalancingMs, removed }) => {
    return [group, count(rebalances), duration(rebalancingMs), count(removed)]
  })
  const head = ['', 'rebalances', 'in', 'members out']
  return titled('Groups of replicators and services', [head, ...rows], 2, palette)
}

/** How far readers were behind each region, where several regions write what they read. */
function regionTable(lags: RunResult['regionLags'], palette: Palette): string[] {
  if (new Set(lags.map(({ region }) => region)).size < 2) return []
  const rows = lags.map(({ group, region, records, recordsMax, ageMs, ageMsMax }, i) => [
    lags[i - 1]?.group === group ? '' : group,
    region,
    ...[count(records), count(recordsMax), duration(ageMs), duration(ageMsMax)],
  ])
  const head = ['', 'written in', 'lag', 'most', 'age', 'most']
  return titled('Readers behind each region', [head, ...rows], 2, palette)
}

function titled(title: string, rows: string[][], left: number, palette: Palette): string[] {
  const [head = '', ...lines] = table(rows, left)
  return [palette.strong(title), palette.quiet(head), ...lines]
}

/** Lag and age at the end and at their worst, over all partitions of the group. */
function groupRow(group: RunResult['groups'][number]): string[] {
  const { lags } = group
  const sum = (pick: (lag: (typeof lags)[number]) => number) =>
    lags.reduce((total, lag) => total + pick(lag), 0)
  const most = (pick: (lag: (typeof lags)[number]) => number) => Math.max(0, ...lags.map(pick))
  const state = LAG_STATES.findLast((one) => lags.some((lag) => lag.state === one)) ?? 'ok'
  return [
    group.group,
    count(group.rebalances),
    duration(group.rebalancingMs),
    count(group.removed),
    count(group.redelivered),
    count(group.skipped),
    count(sum(({ records: lag }) => lag)),
    count(sum(({ recordsMax }) => recordsMax)),
    duration(most(({ ageMs }) => ageMs)),
    duration(most(({ ageMsMax }) => ageMsMax)),
    state,
  ]
}
