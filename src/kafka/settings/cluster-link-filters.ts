// Models: a link's filters of topics and groups, as the JSON of its settings names them.
// Leaves out: topicTypes.
// Source: Confluent's docs (auto.create.mirror.topics.filters, consumer.offset.group.filters).

import { fieldOf } from '../../sim/plain-data.ts'

/** A row of topicFilters or groupFilters; all rows together say what passes. */
export interface LinkFilter {
  readonly name: string
  readonly patternType: 'LITERAL' | 'PREFIXED'
  readonly filterType: 'INCLUDE' | 'EXCLUDE'
}

/** The filters in a setting's text; null where it is not what Confluent's tools take. */
export function parseFilters(
  text: string,
  key: 'topicFilters' | 'groupFilters',
): LinkFilter[] | null {
  return parseRows(text, key, filterOf)
}

/** The rows under `key` of a setting's JSON; null where one of them, or the text, is none. */
export function parseRows<T>(
  text: string,
  key: string,
  rowOf: (row: unknown) => T | null,
): T[] | null {
  if (text === '') return []
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const rows = fieldOf(value, key)
  if (!Array.isArray(rows)) return null
  const parsed = rows.map(rowOf)
  return parsed.every((row) => row !== null) ? parsed : null
}

function filterOf(row: unknown): LinkFilter | null {
  const name = fieldOf(row, 'name')
  const patternType = fieldOf(row, 'patternType')
  const filterType = fieldOf(row, 'filterType')
  if (typeof name !== 'string') return null
  if (patternType !== 'LITERAL' && patternType !== 'PREFIXED') return null
  if (filterType !== 'INCLUDE' && filterType !== 'EXCLUDE') return null
  return { name, patternType, filterType }
}

/** Named by an INCLUDE and by no EXCLUDE; '*' as a literal stands for every name. */
export function passes(filters: readonly LinkFilter[], name: string): boolean {
  const hits = filters.filter((filter) => matches(filter, name))
  return hits.length > 0 && hits.every(({ filterType }) => filterType === 'INCLUDE')
}

function matches(filter: LinkFilter, name: string): boolean {
  if (filter.patternType === 'PREFIXED') return name.startsWith(filter.name)
  return filter.name === '*' || filter.name === name
}
