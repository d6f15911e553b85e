// The table beside the curves: the same values for those who read or hear rather than look.

import type { ComparedRun } from '../../src/contract/compared-runs.ts'
import { letterOf } from '../../src/report/comparison/words.ts'
import { el } from '../dom.ts'
import { moment } from '../format.ts'
import { LANES, valueAt } from './lanes.ts'

/** Rows, at most; a closer look has the command line's CSV. */
const ROWS_MAX = 50

/** Every lane and run as a column. */
export function twinTable(runs: readonly ComparedRun[]): HTMLElement {
  const endMs = Math.max(...runs.map(({ clock }) => clock.endMs))
  const stepMs = Math.max(...runs.map(({ series }) => series.stepMs))
  const stride = Math.max(1, Math.ceil(endMs / stepMs / ROWS_MAX)) * stepMs
  const heads = LANES.flatMap(({ label }) => runs.map((_, i) => `${letterOf(i)} ${label}`))
  const head = ['s', ...heads].map((text) => el('th', { scope: 'col' }, text))
  const rows: HTMLElement[] = []
  for (let ms = 0; ms <= endMs; ms += stride) {
    const cells = LANES.flatMap(({ id, text }) =>
      runs.map((run) => {
        const value = valueAt(run, id, ms)
        return el('td', {}, value === null ? '–' : text(value))
      }),
    )
    rows.push(el('tr', {}, el('th', { scope: 'row' }, moment(ms)), ...cells))
  }
  const body = el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...rows))
  return el('details', {}, el('summary', {}, 'as a table'), el('div', { class: 'scroll' }, body))
}
