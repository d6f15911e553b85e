// A link of the first MirrorMaker out of its command line, consumer.properties and
// producer.properties. None of them names a cluster: what tells two apart is where clients begin.
// Source: kafka.tools.MirrorMaker, and its options.

import { type Draft, type Settings, takeSetting } from '../draft.ts'
import { type Alias, serversOf } from '../mirror-maker2/aliases.ts'
import { addFlow } from '../mirror-maker2/flow.ts'
import type { Source } from '../source.ts'
import type { MirrorCommand } from './command.ts'

const SERVERS = 'bootstrap.servers'

/** Options that a link has, by their name in a scenario. */
const OPTIONS: Readonly<Record<string, string>> = {
  whitelist: 'include',
  include: 'include',
  'num.streams': 'num.streams',
  'offset.commit.interval.ms': 'offset.commit.interval.ms',
  'abort.on.send.failure': 'abort.on.send.failure',
}

const LEFT: Readonly<Record<string, string>> = {
  'message.handler': 'write by hand what it does: handler: { prefix, keepsPartition }',
  'message.handler.args': 'of a handler of one’s own',
  'consumer.rebalance.listener': 'a listener of one’s own is not modelled',
  'rebalance.listener.args': 'of a listener of one’s own',
  'new.consumer': 'there is no other one',
  blacklist: 'only the oldest consumers have it',
}

/** The clusters of commands, each once: those with a bootstrap server in common are one. */
export function aliasesOfCommands(draft: Draft, commands: readonly MirrorCommand[]): Alias[] {
  const found: Alias[] = []
  for (const command of commands) {
    for (const source of [command.consumer, command.producer]) {
      const bootstrap = bootstrapOf(source)
      if (found.some((alias) => isSame(alias.bootstrap, bootstrap))) continue
      found.push({ name: nameOf(commands, found.length), bootstrap })
    }
  }
  for (const { name, bootstrap } of found) {
    draft.assumed.push(`${bootstrap.join(', ')} is cluster ${name}: no file names it`)
  }
  return found
}

/** One link leads from the source to the target; of several nobody knows what they are for. */
function nameOf(commands: readonly MirrorCommand[], number: number): string {
  if (commands.length > 1) return `cluster-${number + 1}`
  return number === 0 ? 'source' : 'target'
}

/**
 * Adds one link. Throws UsageError where the consumer reads what the producer writes to, or where
 * the draft has a flow of that pair already.
 */
export function importMirrorCommand(
  draft: Draft,
  { options, consumer, producer }: MirrorCommand,
  aliases: readonly Alias[],
): void {
  const [from, to] = [consumer, producer].map((source) => {
    const bootstrap = bootstrapOf(source)
    source.take(SERVERS)
    return aliases.find((alias) => isSame(alias.bootstrap, bootstrap))?.name ?? ''
  })
  if (from === to) {
    const fix = 'give the consumer the servers of the source, the producer those of the target'
    producer.fail([SERVERS], 'it writes to where it reads', fix)
  }
  const link = {
    ...{ system: 'mirror-maker1' as const, from: from ?? '', to: to ?? '', workers: null },
    ...{ config: {}, worker: {}, options: optionsOf(draft, options) },
    consumer: settingsOf(draft, consumer, 'consumer'),
    producer: settingsOf(draft, producer, 'producer'),
  }
  addFlow(draft, options, [], link)
}

function optionsOf(draft: Draft, source: Source): Settings {
  const options: Record<string, string | number | boolean> = {}
  for (const key of source.keys()) {
    const name = OPTIONS[key]
    if (name === undefined) {
      if (source.isTaken(key)) continue
      source.take(key)
      draft.leave(source, [key], LEFT[key] ?? 'no option of MirrorMaker')
    } else options[name] = optionValue(source, key)
  }
  if (options.include === undefined) {
    source.fail([], 'the command says no topics', 'write --whitelist "orders|payments"')
  }
  return options
}

function optionValue(source: Source, key: string): string | number | boolean {
  if (key === 'abort.on.send.failure') return source.takeText(key)?.toLowerCase() !== 'false'
  const text = source.takeText(key) ?? ''
  if (key === 'whitelist' || key === 'include') return text
  if (/^\d+$/.test(text)) return Number(text)
  return source.fail([key], 'expected a whole number', `write --${key} 1`)
}

function settingsOf(draft: Draft, source: Source, component: 'consumer' | 'producer'): Settings {
  const config: Record<string, string | number | boolean> = {}
  for (const key of source.keys()) {
    if (!source.isTaken(key)) takeSetting(draft, source, component, [key], { name: key, config })
  }
  return config
}

function bootstrapOf(source: Source): string[] {
  const servers = serversOf(source.look(SERVERS))
  if (servers.length > 0) return servers
  return source.fail([SERVERS], 'it names no servers', 'write bootstrap.servers=HOST:9092')
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.some((server) => other.includes(server))
}
