// Chaos Mesh's Schedule of a NetworkChaos: the same fault again and again.

import { parseDuration } from '../../faults/quantity.ts'
import { SECOND } from '../../sim/time.ts'
import type { Draft } from './draft.ts'
import { importNetworkChaos } from './network-chaos.ts'
import { Source } from './source.ts'

/** So often it is written down, where that is not longer than a scenario should be. */
const RUNS = 3
const SPAN_SECONDS_MAX = 1_800
const BODY = ['spec', 'networkChaos'] as const

const NAMED: Readonly<Record<string, number>> = {
  '@hourly': 3_600,
  '@daily': 86_400,
  '@midnight': 86_400,
  '@weekly': 604_800,
}

/** Reads one resource; its first fault comes when any other would. */
export function importSchedule(draft: Draft, source: Source): void {
  for (const key of ['apiVersion', 'kind', 'status']) source.take(key)
  const name = source.takeText('metadata', 'name') ?? 'Schedule'
  const type = source.takeText('spec', 'type') ?? ''
  const schedule = source.takeText('spec', 'schedule') ?? ''
  if (type !== 'NetworkChaos') draft.leave(source, ['spec', 'type'], `${type}: no fault is it`)
  else {
    source.take(...BODY)
    const value = { metadata: { name }, spec: source.look(...BODY) }
    const before = draft.faults.length
    importNetworkChaos(
      draft,
      new Source(source.file, value, ([first, ...rest]) =>
        source.line(first === 'spec' ? [...BODY, ...rest] : [first ?? 'kind', ...rest]),
      ),
    )
    repeat(draft, draft.faults[before], name, schedule)
  }
  draft.leaveRest(source, 'a fault does not say it')
}

function repeat(
  draft: Draft,
  fault: Draft['faults'][number] | undefined,
  name: string,
  schedule: string,
): void {
  if (fault === undefined) return
  const every = secondsOf(schedule)
  if (every === null || every * (RUNS - 1) > SPAN_SECONDS_MAX) {
    draft.assumed.push(`${name}: of its schedule, ${schedule}, one run is written down`)
    return
  }
  // Under `Forbid`, the default, a run that still goes on lets the next one pass.
  const length = (parseDuration(fault.for ?? '0') ?? 0) / SECOND
  const step = every * Math.max(1, Math.ceil(length / every))
  for (let run = 1; run < RUNS; run++) draft.faults.push({ ...fault, after: run * step })
  draft.assumed.push(`${name}: the first ${RUNS} runs of its schedule, ${schedule}`)
}

/** '@every 5m', '@hourly', or a cron line of whole minutes; null where it is anything else. */
function secondsOf(schedule: string): number | null {
  const [, written = ''] = /^@every\s+(\S+)$/.exec(schedule) ?? []
  const every = parseDuration(written)
  if (every !== null && every > 0) return every / SECOND
  const [, minutes] = /^\*(?:\/(\d+))? \* \* \* \*$/.exec(schedule) ?? []
  if (/^\* \* \* \* \*$/.test(schedule)) return 60
  return minutes === undefined ? (NAMED[schedule] ?? null) : 60 * Number(minutes)
}
