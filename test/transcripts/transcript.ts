// A story as text: a paragraph of intent, then commands, each with what came of it below a dashed
// line. The text is the test; UPDATE=1 writes what came of the commands anew.

/** One command of a story, as written. */
export interface Command {
  readonly line: number
  readonly verb: string
  /** Words after the verb. */
  readonly words: readonly string[]
  /** name=value pairs after the verb. */
  readonly options: ReadonlyMap<string, string>
}

export interface Step {
  readonly command: Command
  /** The command's own line. */
  readonly text: string
  /** What the story says comes of it, without the last line break. */
  readonly expected: string
}

export interface Story {
  readonly intent: string
  readonly steps: readonly Step[]
}

const RULE = '----'

/** Reads a story. Throws with the line of what it cannot read. */
export function parseStory(text: string): Story {
  const lines = text.split('\n')
  const intent: string[] = []
  let at = 0
  while (lines[at]?.startsWith('#')) intent.push(lines[at++] ?? '')
  const steps: Step[] = []
  while (at < lines.length) {
    const line = lines[at] ?? ''
    if (line.trim() === '') {
      at++
      continue
    }
    if (lines[at + 1] !== RULE) throw new Error(`line ${at + 1}: no ${RULE} below "${line}"`)
    const from = at + 2
    let until = from
    while (until < lines.length && lines[until] !== '') until++
    steps.push({
      command: parseCommand(line, at + 1),
      text: line,
      expected: lines.slice(from, until).join('\n'),
    })
    at = until
  }
  return { intent: intent.join('\n'), steps }
}

function parseCommand(text: string, line: number): Command {
  const [verb = '', ...rest] = text.trim().split(/\s+/)
  const options = new Map<string, string>()
  const words: string[] = []
  for (const word of rest) {
    const equals = word.indexOf('=')
    if (equals < 0) words.push(word)
    else options.set(word.slice(0, equals), word.slice(equals + 1))
  }
  return { line, verb, words, options }
}

/** The story with what came of its commands. */
export function writeStory(story: Story, outputs: readonly string[]): string {
  const blocks = story.steps.map(({ text }, i) => {
    const output = outputs[i] ?? ''
    return `${text}\n${RULE}\n${output === '' ? '' : `${output}\n`}`
  })
  return `${story.intent}\n\n${blocks.join('\n')}`
}
