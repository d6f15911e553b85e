// The command line of the first MirrorMaker, and the files of its clients that it names.
// Source: kafka.tools.MirrorMaker.MirrorMakerOptions.

import { propertiesSource } from '../properties-text.ts'
import { type ImportFile, Source } from '../source.ts'

/** One command: its options as a source, by name without dashes, and its two files. */
export interface MirrorCommand {
  readonly options: Source
  readonly consumer: Source
  readonly producer: Source
}

const COMMAND = /kafka-mirror-maker(\.sh)?\b|kafka\.tools\.MirrorMaker\b/

/** Options that stand alone; every other one is followed by its value. */
const BARE = ['help', 'version', 'new.consumer']

export interface Sorted {
  readonly commands: readonly MirrorCommand[]
  /** All that belongs to no command. */
  readonly others: readonly ImportFile[]
}

/** Takes commands, and what they name, out of the files that are given. */
export function sortCommands(files: readonly ImportFile[]): Sorted {
  const scripts = files.filter(({ text }) => COMMAND.test(text) && !/^\s*kind:/m.test(text))
  const used = new Set<ImportFile>(scripts)
  const commands = scripts.flatMap((script) =>
    commandsIn(script).map((options): MirrorCommand => {
      const client = (option: string): Source => {
        const file = namedBy(options, option, files)
        used.add(file)
        return propertiesSource(file)
      }
      return { options, consumer: client('consumer.config'), producer: client('producer.config') }
    }),
  )
  return { commands, others: files.filter((file) => !used.has(file)) }
}

/** Lines that end in a backslash go on; each command is one of them. */
function commandsIn({ path, text }: ImportFile): Source[] {
  const found: Source[] = []
  let joined = ''
  let first = 0
  text.split(/\r?\n/).forEach((line, index) => {
    if (joined === '') first = index + 1
    joined += line.trim()
    if (joined.endsWith('\\')) {
      joined = `${joined.slice(0, -1)} `
      return
    }
    const command = joined.startsWith('#') ? null : COMMAND.exec(joined)
    if (command !== null) {
      const at = first
      const options = optionsOf(wordsOf(joined.slice(command.index + command[0].length)))
      found.push(new Source(path, options, () => at))
    }
    joined = ''
  })
  return found
}

/** `--name value`, `--name=value`, and `--name` where it stands alone. */
function optionsOf(words: readonly string[]): Record<string, string> {
  const options: Record<string, string> = {}
  for (let i = 0; i < words.length; i++) {
    const [, name = '', value] = /^--([^=]+)(?:=(.*))?$/.exec(words[i] ?? '') ?? []
    if (name === '') continue
    if (value !== undefined) options[name] = value
    else options[name] = BARE.includes(name) ? 'true' : (words[++i] ?? '')
  }
  return options
}

/** Words as a shell makes them, up to what it does with the output. */
function wordsOf(text: string): string[] {
  const words: string[] = []
  for (const [word] of text.matchAll(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+/g)) {
    if (/^(?:[|;&>]|\d>)/.test(word)) break
    words.push(word.replace(/"([^"]*)"|'([^']*)'|\\(.)/g, '$1$2$3'))
  }
  return words
}

/** The file that an option names, wherever the command would look for it. */
function namedBy(options: Source, option: string, files: readonly ImportFile[]): ImportFile {
  const path = options.takeText(option)
  if (path === null) {
    return options.fail([option], 'the command names no file of it', `write --${option} FILE`)
  }
  const name = baseOf(path)
  const found = files.find((file) => baseOf(file.path) === name)
  return found ?? options.fail([option], `${name} is not among the files`, `import ${name} with it`)
}

function baseOf(path: string): string {
  return path.split('/').at(-1) ?? path
}
