/**
 * The line to paste that gives a run again. `scenario` is a library name or a file's path as the
 * user typed it; what a shell would split or expand is quoted.
 */
export function replayLine(scenario: string, seed: string, untilMs: number | null = null): string {
  const parts = ['highwater', 'run', quoted(scenario), '--seed', quoted(seed)]
  if (untilMs !== null) parts.push('--until', `${untilMs}ms`)
  return parts.join(' ')
}

function quoted(word: string): string {
  if (/^[\w./:@%+=,-]+$/.test(word) && !word.startsWith('-')) return word
  return `'${word.replace(/'/g, `'\\''`)}'`
}
