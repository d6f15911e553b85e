// Lines of `tc qdisc … netem …`, in tc's own units, as links of a scenario. tc reads `mbit` as
// megabits and `mbps` as megabytes a second, and a time without a unit as microseconds.

import { parseNetem } from '../../faults/netem.ts'
import { parseTcRate } from '../../faults/tc-rate.ts'
import type { Draft } from './draft.ts'
import { meanLossOf } from './netem-loss.ts'
import type { Source } from './source.ts'
import { type TcCommand, tcCommands } from './tc-commands.ts'

/** Words of netem that a link has no figure for, with the number of words that follow them. */
const LEFT: Readonly<Record<string, string>> = {
  duplicate: 'duplicates are undone by TCP',
  corrupt: 'corrupt packets are sent again, as lost ones: write a loss',
  reorder: 'packets of one connection arrive in order',
  gap: 'packets of one connection arrive in order',
  distribution: 'jitter is uniform',
  limit: 'queues are as long as they must be',
  slot: 'slots are not modelled',
  ecn: 'marks are not modelled',
  seed: 'the scenario has a seed of its own',
}

/** Reads every command that shapes a link; the source is the list of the file's lines. */
export function importNetem(draft: Draft, source: Source): void {
  const lines = Array.isArray(source.value) ? source.value.map(String) : []
  const shaping = new Map<string, TcCommand>()
  for (const [number, command] of tcCommands(lines).entries()) {
    const { index, text, netem, verb, place } = command
    const what = text.slice(0, 60)
    if (verb === 'del') draft.leave(source, [index], `${what}: a link is shaped for the whole run`)
    else if (netem === null || netem === '') draft.leave(source, [index], `${what}: no netem`)
    else {
      const before = verb === 'change' ? shaping.get(place) : undefined
      if (before !== undefined) {
        const why = `line ${index + 1} takes its place`
        draft.leave(source, [before.index], `${before.text.slice(0, 60)}: ${why}`)
      }
      shaping.set(
        before === undefined && shaping.has(place) ? `${place} ${number}` : place,
        command,
      )
    }
  }
  for (const { index, text, netem } of shaping.values()) {
    const argument = netemOf(draft, source, index, netem ?? '')
    if (argument !== '') draft.links.push({ netem: argument, comment: text })
  }
}

/** A netem argument in the units of a scenario, without what a link cannot say. */
function netemOf(draft: Draft, source: Source, index: number, argument: string): string {
  const words = argument.split(/\s+/)
  const kept: string[] = []
  for (let i = 0; i < words.length; ) {
    const end = nextKeyword(words, i + 1)
    const [keyword = '', ...values] = words.slice(i, end)
    const why = LEFT[keyword]
    if (why !== undefined) draft.leave(source, [index], `${[keyword, ...values].join(' ')}: ${why}`)
    else kept.push(keyword, ...clause(draft, source, index, keyword, values))
    i = end
  }
  const netem = kept.join(' ')
  const read = netem === '' ? {} : parseNetem(netem)
  if (typeof read === 'string') {
    const fix = 'write delay TIME [JITTER], loss PERCENT% or rate BANDWIDTH, as tc takes them'
    source.fail([index], read, fix)
  }
  return netem
}

const KEYWORDS = new Set(['delay', 'loss', 'rate', ...Object.keys(LEFT)])

function nextKeyword(words: readonly string[], from: number): number {
  const next = words.findIndex((word, i) => i >= from && KEYWORDS.has(word))
  return next === -1 ? words.length : next
}

/** The values of one clause: correlations and the overheads of rate are left out, by name. */
function clause(
  draft: Draft,
  source: Source,
  index: number,
  keyword: string,
  values: readonly string[],
): string[] {
  const [model, ...shares] = values
  if (keyword === 'loss' && (model === 'gemodel' || model === 'state')) {
    return [lossOf(draft, source, index, model, shares)]
  }
  const given = values.filter((word) => word !== 'random')
  const used = keyword === 'delay' ? given.slice(0, 2) : given.slice(0, 1)
  const isJitter = keyword !== 'delay' || timeOf(used[1] ?? '') !== null
  const kept = isJitter ? used : used.slice(0, 1)
  const rest = given.slice(kept.length)
  if (rest.length > 0) {
    const why = keyword === 'rate' ? 'overheads of packets and cells are' : 'correlation is'
    draft.leave(source, [index], `${keyword} … ${rest.join(' ')}: ${why} not modelled`)
  }
  return kept.map((word) => inOwnUnits(keyword, word))
}

/** Bursts as their share of all packets; the word itself where it cannot be read. */
function lossOf(
  draft: Draft,
  source: Source,
  index: number,
  model: 'gemodel' | 'state',
  shares: readonly string[],
): string {
  const mean = meanLossOf(model, shares)
  if (mean === null) return model
  const what = `loss ${model} ${shares.join(' ')}`
  draft.leave(source, [index], `${what}: losses come one by one, ${mean}% of all packets`)
  return `${mean}%`
}

function inOwnUnits(keyword: string, word: string): string {
  if (keyword === 'delay') return timeOf(word) ?? word
  if (keyword === 'rate') return rateOf(word) ?? word
  return /^[\d.]+$/.test(word) ? `${word}%` : word
}

const TIME = /^(\d+(?:\.\d+)?)(s|secs?|ms|msecs?|us|usecs?|ns|nsecs?)?$/i

/** '100ms', '2sec', or microseconds without a unit; null for no time. */
export function timeOf(text: string): string | null {
  const [, amount, unit = 'us'] = TIME.exec(text) ?? []
  if (amount === undefined) return null
  const letter = unit[0]?.toLowerCase()
  if (letter === 'n') return `${Math.round(Number(amount) / 1_000)}us`
  if (letter === 'u') return `${amount}us`
  return letter === 'm' ? `${amount}ms` : `${amount}s`
}

/** A rate of tc in bits a second; null for none. */
export function rateOf(text: string): string | null {
  const bps = parseTcRate(text)
  return bps === null ? null : `${bps}bit`
}
