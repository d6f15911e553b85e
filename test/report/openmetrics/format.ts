// The grammar of OpenMetrics 1.0 (github.com/prometheus/OpenMetrics, specification, ABNF and the
// rules beside it) as far as gauges, counters and unknowns go, read strictly.

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const VALUE = '"(?:[^"\\\\\\n]|\\\\["\\\\n])*"'
const LABEL = `[a-zA-Z_][a-zA-Z0-9_]*=${VALUE}`
const NUMBER = '[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?'
const SAMPLE = new RegExp(
  `^(${NAME})(?:\\{((?:${LABEL}(?:,${LABEL})*)?)\\})? (${NUMBER})(?: (${NUMBER}))?$`,
)
const TYPE = new RegExp(`^# TYPE (${NAME}) (gauge|counter|unknown)$`)
const HELP = new RegExp(`^# HELP (${NAME}) (?:[^\\\\"\\n]|\\\\["\\\\n])*$`)

interface Family {
  readonly name: string
  readonly type: string
}

/** What a text breaks of the format, line by line; nothing where it is valid. */
export function formatProblems(text: string): string[] {
  const problems: string[] = []
  const families = new Set<string>()
  const series = new Map<string, number>()
  let family: Family | null = null
  let before = ''
  if (!text.endsWith('\n# EOF\n')) problems.push('does not end in # EOF')
  const lines = text.split('\n').slice(0, -2)
  for (const [index, line] of lines.entries()) {
    const say = (what: string) => problems.push(`line ${index + 1}: ${what}: ${line.slice(0, 80)}`)
    const [, typed, type = ''] = TYPE.exec(line) ?? []
    const [, helped] = HELP.exec(line) ?? []
    if (typed !== undefined) {
      if (families.has(typed)) say('a family in two places')
      families.add(typed)
      family = { name: typed, type }
    } else if (helped !== undefined) {
      if (helped !== family?.name || before.includes('{')) say('help away from its type')
    } else {
      for (const what of sampleProblems(line, family, series, keyOf(before))) say(what)
    }
    before = line
  }
  return problems
}

/** Name and labels of a line. */
function keyOf(line: string): string {
  return line.slice(0, line.indexOf('} ') + 1)
}

function sampleProblems(
  line: string,
  family: Family | null,
  series: Map<string, number>,
  before: string,
): string[] {
  const match = SAMPLE.exec(line)
  if (match === null) return ['no line of the format']
  if (family === null) return ['a sample without a family']
  const [, name = '', labels = '', value, at] = match
  const problems: string[] = []
  const isCounter = family.type === 'counter'
  const expected = isCounter ? `${family.name}_total` : family.name
  if (name !== expected) problems.push(`not of the family ${family.name}`)
  if (isCounter && Number(value) < 0) problems.push('a counter below zero')
  const names = [...labels.matchAll(new RegExp(LABEL, 'g'))].map(([label]) => label.split('=')[0])
  if (new Set(names).size < names.length) problems.push('a label twice')
  const key = keyOf(line)
  const last = series.get(key)
  if (at === undefined) problems.push('no timestamp, so nothing to backfill')
  if (last !== undefined && key !== before) problems.push('a series in two places')
  if (last !== undefined && Number(at) <= last) problems.push('time does not go on')
  series.set(key, Number(at))
  return problems
}
