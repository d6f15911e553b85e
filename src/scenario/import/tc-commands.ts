// The commands of a script that uses tc, one by one: lines that go on in the next, several on a
// line, and which of them shape the same place.

/** A command, and what it says of netem. */
export interface TcCommand {
  /** Index of the line where it begins. */
  readonly index: number
  readonly text: string
  /** Behind the word netem; null where it says nothing of it. */
  readonly netem: string | null
  readonly verb: 'add' | 'change' | 'del' | null
  /** Who shapes what: the same words mean the same queue. */
  readonly place: string
}

/** `tc qdisc show` prints what a command would have said. */
const SHOWN = /^qdisc netem \w+: (dev \S+ )?(root|parent \S+)(?: refcnt \d+)?\s*(.*)$/
const COMMAND = /^(.*?)\btc\s+(?:-\S+\s+)*qdisc\s+(add|change|replace|del|delete)\s+(.*)$/

/** Commands in their order; comments and empty lines are none. */
export function tcCommands(lines: readonly string[]): TcCommand[] {
  return joined(lines).flatMap(({ index, text }) =>
    text
      .split(/;|&&|\|\|?/)
      .map((one) =>
        one
          .trim()
          .replace(/["']+$/, '')
          .trim(),
      )
      .filter((one) => one !== '')
      .map((one) => commandOf(index, one)),
  )
}

function joined(lines: readonly string[]) {
  const found: { readonly index: number; text: string }[] = []
  let goesOn = false
  for (const [index, line] of lines.entries()) {
    const text = line.replace(/(^|\s)#.*$/, '').trimEnd()
    const last = found.at(-1)
    const part = text.replace(/\\$/, ' ')
    if (goesOn && last !== undefined) last.text += part
    else found.push({ index, text: part })
    goesOn = text.endsWith('\\')
  }
  return found
}

function commandOf(index: number, text: string): TcCommand {
  const [, device = '', parent = '', shown] = SHOWN.exec(text) ?? []
  if (shown !== undefined) {
    return { index, text, netem: shown, verb: 'add', place: `${device}${parent}` }
  }
  const netem = /(?:^|\s)netem(?:\s+(.*))?$/.exec(text)
  const [, who = '', word = '', rest = ''] = COMMAND.exec(text) ?? []
  const [where = ''] = rest.split(/\s+netem\b/)
  const place = `${who} ${where.replace(/\bhandle\s+\S+/, '')}`.replace(/\s+/g, ' ').trim()
  return { index, text, netem: netem === null ? null : (netem[1] ?? ''), verb: verbOf(word), place }
}

function verbOf(word: string): TcCommand['verb'] {
  if (word.startsWith('del')) return 'del'
  if (word === 'change' || word === 'replace') return 'change'
  return word === 'add' ? 'add' : null
}
