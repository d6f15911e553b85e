// The text of a scenario as plain values, and where each of them stands. Size and depth are
// checked before anything recursive sees the text.

import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
} from 'yaml'
import type { Finding, Path } from './problem.ts'
import { keyDefects } from './yaml-keys.ts'

export const BYTES_MAX = 500_000
export const DEPTH_MAX = 100
/** Nodes after aliases are followed; more is a bomb and no scenario. */
export const NODES_MAX = 500_000
const DEFECTS_MAX = 50
/** The lexer’s sign that a scalar follows. */
const SCALAR_MARK = '\u001f'
/** More are no scenario, and following one costs a walk through the text. */
const ALIASES_MAX = 200

export interface Place {
  readonly line: number
  readonly column: number
}

export interface YamlSource {
  readonly value: unknown
  place(path: Path): Place
}

/** A defect of the text itself, already with its place. */
export interface TextDefect extends Finding {
  readonly place: Place
}

/** Reads a text. Returns the source, or what keeps it from being read. */
export function readYaml(text: string): YamlSource | readonly TextDefect[] {
  if (text.length > BYTES_MAX) {
    const size = Math.floor(text.length / 1_000)
    const fix = 'a scenario is a few kilobytes; use counts in place of long lists'
    return [defect(`the text has ${size} kB, the limit is ${BYTES_MAX / 1_000} kB`, fix)]
  }
  const lines = new LineCounter()
  const tokens = tokenise(text, lines)
  if (!Array.isArray(tokens)) return [tokens]
  const documents = [
    ...new Composer({ merge: true, prettyErrors: false, uniqueKeys: false }).compose(
      tokens,
      true,
      text.length,
    ),
  ]
  const [first] = documents
  if (first === undefined || isEmpty(first)) {
    return [defect('the file is empty', 'write at least regions, cluster and topics')]
  }
  if (documents.length > 1) {
    return [defect('the file holds more than one document', 'keep one document; remove the ---')]
  }
  return toSource(first, lines)
}

function isEmpty({ contents, errors }: Document): boolean {
  return (
    errors.length === 0 && (contents === null || (isScalar(contents) && contents.value === null))
  )
}

function toSource(document: Document, lines: LineCounter): YamlSource | readonly TextDefect[] {
  if (document.errors.length > 0) {
    return document.errors.slice(0, DEFECTS_MAX).map((error) => {
      const { line, col } = lines.linePos(error.pos[0])
      const fix = 'correct the YAML here; texts with ": " or "#" need quotes'
      return { path: [], message: error.message, fix, place: { line, column: col } }
    })
  }
  const targets = aliasTargets(document.contents)
  if (hasBomb(document.contents, targets)) {
    return [defect('its aliases form a cycle or unfold without bound', 'write the parts out')]
  }
  const unkept = keyDefects(document.contents, lines)
  if (unkept.length > 0) return unkept
  try {
    const value: unknown = document.toJS({ maxAliasCount: NODES_MAX })
    return { value, place: (path) => placeOf(document.contents, targets, lines, path) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return [defect(`its aliases cannot be followed: ${message}`, 'write the parts out')]
  }
}

/** The tokens of the whole text; a defect as soon as it nests too deep. */
function tokenise(text: string, lines: LineCounter): CST.Token[] | TextDefect {
  const parser = new Parser(lines.addNewLine)
  const tokens: CST.Token[] = []
  let aliases = 0
  let last = ''
  lines.addNewLine(0)
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme.startsWith('*') && last !== SCALAR_MARK) aliases++
    last = lexeme
    for (const token of parser.next(lexeme)) tokens.push(token)
    if (parser.stack.length > DEPTH_MAX + 2) {
      const { line, col } = lines.linePos(parser.offset)
      const message = `nested deeper than ${DEPTH_MAX} levels`
      const fix = 'a scenario needs fewer than ten levels'
      return { path: [], message, fix, place: { line, column: col } }
    }
  }
  for (const token of parser.end()) tokens.push(token)
  if (aliases <= ALIASES_MAX) return tokens
  return defect(`${aliases} aliases; the limit is ${ALIASES_MAX}`, 'write the parts out')
}

type Targets = ReadonlyMap<unknown, unknown>

/** What each alias stands for: the last node before it that bears its anchor. */
function aliasTargets(contents: unknown): Targets {
  const anchors = new Map<string, unknown>()
  const targets = new Map<unknown, unknown>()
  const walk = (node: unknown): void => {
    if (isAlias(node)) targets.set(node, anchors.get(node.source))
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor)
      anchors.set(node.anchor, node)
    if (isSeq(node)) for (const item of node.items) walk(item)
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        walk(key)
        walk(value)
      }
    }
  }
  walk(contents)
  return targets
}

/**
 * Whether following aliases leads in a circle or past NODES_MAX nodes. Sizes are counted once an
 * anchor, so that the check itself costs no more than the text is long.
 */
function hasBomb(contents: unknown, targets: Targets): boolean {
  const sizes = new Map<unknown, number>()
  const open = new Set<unknown>()
  const sizeOf = (node: unknown): number => {
    if (isAlias(node)) return targets.has(node) ? sizeOf(targets.get(node)) : 1
    if (isPair(node)) return sizeOf(node.key) + sizeOf(node.value)
    if (!isMap(node) && !isSeq(node)) return 1
    const known = sizes.get(node)
    if (known !== undefined) return known
    if (open.has(node)) return Number.POSITIVE_INFINITY
    open.add(node)
    let size = 1
    for (const item of node.items) size += sizeOf(item)
    open.delete(node)
    sizes.set(node, size)
    return size
  }
  return sizeOf(contents) > NODES_MAX
}

/** Where a path stands; the nearest thing around it that has a place, if it has none itself. */
function placeOf(contents: unknown, targets: Targets, lines: LineCounter, path: Path): Place {
  let node = contents
  let offset = offsetOf(node) ?? 0
  for (const part of path) {
    if (isAlias(node)) node = targets.get(node)
    const step = stepInto(node, part)
    if (step === null) break
    offset = step.offset ?? offset
    node = step.node
  }
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

function stepInto(
  node: unknown,
  part: string | number,
): { readonly node: unknown; readonly offset: number | null } | null {
  if (isSeq(node) && typeof part === 'number') {
    const item = node.items[part]
    return item === undefined ? null : { node: item, offset: offsetOf(item) }
  }
  if (!isMap(node)) return null
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part))
  return pair === undefined ? null : { node: pair.value, offset: offsetOf(pair.key) }
}

function offsetOf(node: unknown): number | null {
  if (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)) return node.range?.[0] ?? null
  return null
}

function defect(message: string, fix: string): TextDefect {
  return { path: [], message, fix, place: { line: 0, column: 0 } }
}
