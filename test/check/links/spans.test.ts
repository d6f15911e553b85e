// Lists of spans walked at once say for every id what each list says of it, each stretch once.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alignSpans, type Span } from '../../../src/check/links/spans.ts'

const IDS = 40

/** Spans as they are kept: ascending and disjoint, here from the borders between them. */
const spans = fc
  .uniqueArray(fc.integer({ min: 0, max: IDS }), { maxLength: 12 })
  .map((borders) => borders.toSorted((a, b) => a - b))
  .map((borders) =>
    borders.slice(1).flatMap((end, i): Span[] => {
      const start = borders[i] ?? 0
      return i % 3 === 2 ? [] : [{ start, end, row: i }]
    }),
  )

const rowAt = (list: readonly Span[], id: number) =>
  list.find(({ start, end }) => start <= id && id < end)?.row ?? -1

test('shows each id once, with the row of every list, in the order of ids', () => {
  fc.assert(
    fc.property(fc.array(spans, { minLength: 1, maxLength: 5 }), (lists) => {
      const shown: (readonly [id: number, rows: readonly number[]])[] = []
      alignSpans(lists, (start, end, rows) => {
        for (let id = start; id < end; id++) shown.push([id, [...rows]])
      })
      const all = Array.from({ length: IDS }, (_, id) => lists.map((list) => rowAt(list, id)))
      const held = all.flatMap((rows, id) => (rows.some((row) => row >= 0) ? [[id, rows]] : []))
      expect(shown).toEqual(held)
    }),
  )
})

test('a stretch ends only where a list changes', () => {
  const stretches: number[][] = []
  const lists = [[{ start: 0, end: 10, row: 1 }], [{ start: 4, end: 6, row: 2 }]]
  alignSpans(lists, (start, end, rows) => stretches.push([start, end, ...rows]))
  expect(stretches).toEqual([
    [0, 4, 1, -1],
    [4, 6, 1, 2],
    [6, 10, 1, -1],
  ])
})
