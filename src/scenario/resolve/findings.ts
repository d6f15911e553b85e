// Collects what the resolvers find, so that one reading of a file tells everything.

import { nearestName } from '../../kafka/settings/nearest.ts'
import type { SettingNote, SettingProblem } from '../../kafka/settings/resolve.ts'
import type { Note } from '../model.ts'
import { type Finding, formatPath, type Path } from '../problem.ts'

/** `list` makes the scenario invalid, `notes` go into its result. Order is that of reading. */
export class Findings {
  readonly list: Finding[] = []
  readonly notes: Note[] = []

  /** `value` is shown beside the message, shortened; absent: nothing is. */
  error(path: Path, message: string, fix: string, value?: unknown): void {
    this.list.push({ path, message, fix, value })
  }

  /** A name that nothing bears; the fix names `meant`, or else the nearest that exists. */
  unknown(
    path: Path,
    what: string,
    value: string,
    known: readonly string[],
    meant: string | null = null,
  ): void {
    const near = meant ?? nearestName(value, known)
    const list = known.length === 0 ? 'there is none' : `known: ${known.slice(0, 12).join(', ')}`
    const fix = near === null ? list : `did you mean "${near}"? ${list}`
    this.list.push({ path, message: `unknown ${what} "${value}"`, fix, value, reference: what })
  }

  /** A trap, or what has no effect in Kafka either. */
  note(path: Path, message: string): void {
    this.notes.push({ kind: 'remark', path: formatPath(path), message })
  }

  /** Kafka acts on it and the model does not. */
  unmodelled(path: Path, message: string): void {
    this.notes.push({ kind: 'unmodelled', path: formatPath(path), message })
  }

  /** Problems and notes of a block of Kafka settings. */
  settings(path: Path, problems: readonly SettingProblem[], notes: readonly SettingNote[]): void {
    for (const { name, value, message, fix } of problems) {
      this.list.push({ path: [...path, name], value, message, fix, reference: 'setting' })
    }
    for (const { name, message } of notes) this.unmodelled([...path, name], message)
  }
}
