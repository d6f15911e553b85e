import { importFiles } from '../../../src/scenario/import/import.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { UsageError } from '../../../src/scenario/usage-error.ts'

type Files = Readonly<Record<string, string>>

/** What comes of files, by name and text: the scenario that they become, and what is said. */
export function importedWithNotes(files: Files) {
  const given = Object.entries(files).map(([path, text]) => ({ path, text }))
  const { text, leftOut, assumed } = importFiles(given)
  return { text, leftOut, assumed, scenario: scenarioOf(text, 'imported.yaml') }
}

/** The same, with what is said as one text. */
export function imported(files: Files) {
  const { leftOut, assumed, ...rest } = importedWithNotes(files)
  return { ...rest, leftOut: leftOut.join('\n'), assumed: assumed.join('\n') }
}

/** The first problem of files that cannot be imported. */
export function refused(files: Files) {
  try {
    imported(files)
  } catch (error) {
    if (error instanceof UsageError) return error.problems[0]
    throw error
  }
  throw new Error('it was imported')
}
