// A file of another tool as plain values with their places. It remembers what an importer has
// taken, so that all it has not taken can be named.

import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml'
import { fieldOf } from '../../sim/plain-data.ts'
import { formatPath, formatValue, type Path } from '../problem.ts'
import { UsageError } from '../usage-error.ts'

const DOCUMENTS_MAX = 200
const BYTES_MAX = 500_000
const ALIASES_MAX = 100

/** A file as it was given. */
export interface ImportFile {
  readonly path: string
  readonly text: string
}

/**
 * Paths go from the top of the document; looking below what is no mapping or list finds undefined.
 */
export class Source {
  readonly file: string
  readonly value: unknown
  readonly overwritten: readonly { readonly key: string; readonly line: number }[]
  readonly #lineOf: (path: Path) => number
  /** By its JSON. */
  readonly #taken = new Map<string, Path>()

  /** @param overwritten keys that come again further down, which is what counts */
  constructor(
    file: string,
    value: unknown,
    lineOf: (path: Path) => number,
    overwritten: Source['overwritten'] = [],
  ) {
    this.file = file
    this.value = value
    this.#lineOf = lineOf
    this.overwritten = overwritten
  }

  /** The value at a path, which counts as carried over from now on; undefined where none is. */
  take(...path: Path): unknown {
    this.#taken.set(JSON.stringify(path), path)
    return this.look(...path)
  }

  /** The same without taking it. */
  look(...path: Path): unknown {
    let value = this.value
    for (const part of path) value = fieldOf(value, part)
    return value
  }

  /** Of that very path, not of what lies above or below it. */
  isTaken(...path: Path): boolean {
    return this.#taken.has(JSON.stringify(path))
  }

  /**
   * Numbers and booleans as text; null where nothing is. Throws UsageError for a list or a mapping.
   */
  takeText(...path: Path): string | null {
    const value = this.take(...path)
    if (value === undefined || value === null) return null
    if (typeof value === 'object') this.fail(path, 'expected a text', 'write one value')
    return String(value)
  }

  /** null where nothing is. Throws UsageError for what is no whole number from 0 to 10,000. */
  takeCount(...path: Path): number | null {
    const value = this.take(...path)
    if (value === undefined || value === null) return null
    const isDigits = typeof value === 'string' && /^\s*\d+\s*$/.test(value)
    const count = isDigits ? Number(value) : value
    const isCount = typeof count === 'number' && Number.isInteger(count)
    if (isCount && count >= 0 && count <= 10_000) return count
    return this.fail(path, 'expected a whole number', 'write a number such as 3')
  }

  /** Keys of the mapping at a path, none where there is no mapping. */
  keys(...path: Path): string[] {
    const value = this.look(...path)
    return typeof value === 'object' && value !== null ? Object.keys(value) : []
  }

  /** From 1; of the nearest thing above where nothing is there. */
  line(path: Path): number {
    return this.#lineOf(path)
  }

  /** The topmost paths of which nothing was taken. */
  left(): Path[] {
    const paths = [...this.#taken.values()]
    const walk = (value: unknown, path: Path): Path[] => {
      if (this.#taken.has(JSON.stringify(path))) return []
      const isOpened = paths.some(
        (taken) => taken.length > path.length && path.every((part, i) => taken[i] === part),
      )
      if (!isOpened || typeof value !== 'object' || value === null) return [path]
      const entries = Object.entries(value)
      return entries.flatMap(([key, child]) =>
        walk(child, [...path, Array.isArray(value) ? Number(key) : key]),
      )
    }
    return walk(this.value, []).filter((path) => path.length > 0)
  }

  /** Bad input: where it is, what it says, and the way out. */
  fail(path: Path, message: string, fix: string): never {
    const place = { file: this.file, line: this.line(path), column: 1 }
    const told = { path: formatPath(path), value: formatValue(this.look(...path)) }
    throw new UsageError([{ ...place, ...told, message, fix, severity: 'error' }])
  }
}

/** The documents of a YAML or JSON file. */
export function yamlSources({ path: file, text }: ImportFile): Source[] {
  const fail = (line: number, message: string, fix: string): never => {
    const place = { file, line, column: 1, path: '', value: '' }
    throw new UsageError([{ ...place, message, fix, severity: 'error' }])
  }
  if (text.length > BYTES_MAX) fail(0, 'the file has more than 500 kB', 'import its parts alone')
  const lines = new LineCounter()
  try {
    const options = { lineCounter: lines, prettyErrors: false, merge: true }
    const documents = [...parseAllDocuments(text, options)]
    if (documents.length > DOCUMENTS_MAX) fail(0, 'too many documents', 'import its parts alone')
    return documents.flatMap((document) => {
      const [error] = document.errors
      if (error !== undefined) {
        const { line } = lines.linePos(error.pos[0])
        fail(line, `cannot be read: ${error.message}`, 'correct the YAML here')
      }
      if (document.contents === null) return []
      const lineOf = (path: Path) => lines.linePos(offsetOf(document.contents, path)).line
      return listed(new Source(file, document.toJS({ maxAliasCount: ALIASES_MAX }), lineOf))
    })
  } catch (error) {
    if (error instanceof UsageError) throw error
    // The reader gives up on aliases that unfold without bound, and on nesting without end.
    return fail(
      0,
      `cannot be read: ${error instanceof Error ? error.message : error}`,
      'simplify it',
    )
  }
}

/** What `kubectl get -o yaml` prints: a list of resources, each of them a source of its own. */
function listed(source: Source): Source[] {
  const items = source.look('items')
  const isList = String(source.look('kind') ?? '').endsWith('List')
  if (!isList || !Array.isArray(items) || items.length === 0) return [source]
  return items.map((item: unknown, index) => {
    return new Source(source.file, item, (path) => source.line(['items', index, ...path]))
  })
}

/** Where a path stands in the text; the nearest thing above it where it stands nowhere. */
function offsetOf(contents: unknown, path: Path): number {
  let node = contents
  let offset = startOf(node) ?? 0
  for (const part of path) {
    if (isSeq(node)) node = node.items[Number(part)]
    else if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part))
      if (pair === undefined) break
      offset = startOf(pair.key) ?? offset
      node = pair.value
      continue
    } else break
    offset = startOf(node) ?? offset
  }
  return offset
}

function startOf(node: unknown): number | null {
  return isScalar(node) || isMap(node) || isSeq(node) ? (node.range?.[0] ?? null) : null
}
