// A Java properties file: keys to texts, each with its line.
// Source: java.util.Properties.load.

import { type ImportFile, Source } from './source.ts'

/** A key as far as the first separator, which may be no more than a space; and its value. */
const ENTRY = /^((?:\\.|[^=:\s\\])*)\s*[=:]?\s*(.*)$/s
const ESCAPED = /\\(?:u([0-9a-fA-F]{4})|(.))/gs
const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

/** Of a key that is there twice the last one counts, as in Java; the source tells of the others. */
export function propertiesSource({ path, text }: ImportFile): Source {
  const values = new Map<string, string>()
  const lines = new Map<string, number>()
  const overwritten: { readonly key: string; readonly line: number }[] = []
  for (const { line, entry } of entriesOf(text)) {
    const [, written = '', value = ''] = ENTRY.exec(entry) ?? []
    const key = unescaped(written)
    const before = lines.get(key)
    if (before !== undefined) overwritten.push({ key, line: before })
    values.set(key, unescaped(value).trim())
    lines.set(key, line)
  }
  const lineOf = ([key]: readonly (string | number)[]) => lines.get(String(key ?? '')) ?? 0
  return new Source(path, Object.fromEntries(values), lineOf, overwritten)
}

interface Entry {
  readonly line: number
  readonly entry: string
}

/** Logical lines: a backslash at the end takes the next line, without what it is indented by. */
function entriesOf(text: string): readonly Entry[] {
  const found: Entry[] = []
  let begun: Entry | null = null
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const part = raw.replace(/^[ \t\f]+/, '')
    if (begun === null && /^([#!]|$)/.test(part)) continue
    const goesOn = /(^|[^\\])(\\\\)*\\$/.test(part)
    const before: Entry = begun ?? { line: index + 1, entry: '' }
    const entry: string = before.entry + (goesOn ? part.slice(0, -1) : part)
    begun = goesOn ? { line: before.line, entry } : null
    if (begun === null) found.push({ line: before.line, entry })
  }
  if (begun !== null) found.push(begun)
  return found
}

function unescaped(text: string): string {
  return text.replace(ESCAPED, (_, code: string | undefined, letter: string | undefined) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
    return CONTROLS[letter ?? ''] ?? letter ?? ''
  })
}
