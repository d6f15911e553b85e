// What the schema library reports, as findings in the scenario's own words.

import type { z } from 'zod'
import { nearestName } from '../kafka/settings/nearest.ts'
import { fieldOf } from '../sim/plain-data.ts'
import { meantBy } from './meant-keys.ts'
import type { Finding, Path } from './problem.ts'

/** Unknown keys of one mapping that are told; a file with more is no scenario. */
const KEYS_MAX = 300

type Issue = z.core.$ZodIssue
/** The keys that a mapping may have which stands at a path and has that value. */
type KeysAt = (path: Path, value: unknown) => readonly string[]

/** The findings of a failed parse of `root`. Keys that nothing knows get the nearest known name. */
export function findingsOf(issues: readonly Issue[], root: unknown, keysAt: KeysAt): Finding[] {
  return issues.flatMap((issue) => findingsOfIssue(issue, [], root, keysAt))
}

function findingsOfIssue(issue: Issue, base: Path, root: unknown, keysAt: KeysAt): Finding[] {
  const path = [...base, ...plainPath(issue.path)]
  const value = valueAt(root, path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys
        .slice(0, KEYS_MAX)
        .map((key) => unknownKey([...path, key], key, keysAt(path, value)))
    case 'invalid_union': {
      const branch = bestBranch(issue.errors)
      if (issue.message !== 'Invalid input' || branch === null) {
        return [{ path, value, message: issue.message, fix: fixOf(issue) }]
      }
      return branch.flatMap((inner) => findingsOfIssue(inner, path, root, keysAt))
    }
    case 'invalid_key':
      return [{ path, message: `"${String(path.at(-1))}" cannot be a name`, fix: NAME_FIX }]
    default: {
      const isVague = issue.code === 'custom' && issue.params?.isVague === true
      return [{ path, value, message: messageOf(issue, value), fix: fixOf(issue), isVague }]
    }
  }
}

const NAME_FIX = 'use letters, digits, "-", "_" and "."; start with a letter or digit'

/** The branch of a union that the value was meant for: the first that its type fits. */
function bestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const fits = branches.filter(
    (branch) => !branch.some((issue) => issue.path.length === 0 && isTypeMismatch(issue)),
  )
  return fits[0] ?? null
}

function isTypeMismatch(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value'
}

/** As many as a fault has, the longest list of keys. */
const LISTED_MAX = 48

function unknownKey(path: Path, key: string, known: readonly string[]): Finding {
  const message = `unknown key "${key.slice(0, 80)}"`
  const meant = meantBy(key, known)
  if (meant !== null) return { path, message, fix: meant }
  const near = nearestName(key, known)
  const list = known.length <= LISTED_MAX ? `; known here: ${known.join(', ')}` : ''
  return {
    path,
    message,
    fix: near === null ? `remove it${list}` : `did you mean "${near}"?`,
  }
}

const NOUNS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  tuple: 'a list',
}

function messageOf(issue: Issue, value: unknown): string {
  if (!issue.message.startsWith('Invalid') && !issue.message.startsWith('Too')) return issue.message
  if (issue.code === 'invalid_type') {
    const noun = NOUNS[issue.expected] ?? issue.expected
    return value === undefined ? `missing: expected ${noun}` : `expected ${noun}`
  }
  if (issue.code === 'invalid_value')
    return `expected one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_small') return `below the minimum of ${String(issue.minimum)}${of(issue)}`
  if (issue.code === 'too_big') return `above the maximum of ${String(issue.maximum)}${of(issue)}`
  return issue.message
}

function of(issue: { readonly origin: string }): string {
  if (issue.origin === 'string') return ' characters'
  return issue.origin === 'array' ? ' entries' : ''
}

function fixOf(issue: Issue): string {
  if (issue.code === 'custom' && typeof issue.params?.fix === 'string') {
    return issue.params.fix
  }
  if (issue.code === 'invalid_type') return `write ${NOUNS[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value') return `write one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_small') return `write at least ${String(issue.minimum)}${of(issue)}`
  if (issue.code === 'too_big') return `write at most ${String(issue.maximum)}${of(issue)}`
  const expected = /^expected (.*)$/.exec(issue.message)
  return expected === null ? `correct it: ${issue.message}` : `write ${expected[1]}`
}

/** A path as files have it: of names and numbers. */
export function plainPath(path: readonly PropertyKey[]): Path {
  return path.map((part) => (typeof part === 'number' ? part : String(part)))
}

/** The value at a path of plain data, or undefined. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const part of path) value = fieldOf(value, part)
  return value
}
