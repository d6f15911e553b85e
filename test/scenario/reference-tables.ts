// The tables of scenarios/README.md, from the same definitions that read a file.

import { FAULT_KINDS, FAULTS } from '../../src/faults/catalogue.ts'
import { KNOB_NAMES, KNOBS } from '../../src/kafka/settings/knobs.ts'
import { type Component, MODELLED_SETTINGS } from '../../src/kafka/settings/modelled.ts'
import { GUARD_NAMES, GUARD_RULES } from '../../src/kafka/version.ts'
import { MM2_GUARD_NAMES, MM2_GUARD_RULES } from '../../src/mirror/mirror-maker2/guards.ts'
import { OVERLAY_DOCS, overlay as overlaySchema } from '../../src/scenario/document/overlay.ts'
import { keysAt } from '../../src/scenario/json-schema.ts'
import { OBJECTIVE_NAMES, OBJECTIVES } from '../../src/scenario/objectives.ts'

type Row = readonly string[]

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function faults(): string {
  const rows = FAULT_KINDS.map((kind) => {
    const keys = keysAt(['faults', 0, kind]).map((key) => `\`${key}\``)
    return [`\`${kind}\``, FAULTS[kind].doc, keys.join(', ')]
  })
  return table(['fault', 'what happens', 'parameters'], rows)
}

function objectives(): string {
  const rows = OBJECTIVE_NAMES.map((name) => {
    const { doc, unit, direction } = OBJECTIVES[name]
    return [`\`${name}\``, doc, unit === 'micros' ? 'duration' : unit, direction]
  })
  return table(['objective', 'meaning', 'unit', 'limit'], rows)
}

function mm2Guards(): string {
  const rows = MM2_GUARD_NAMES.map((name) => {
    const { doc, source, since } = MM2_GUARD_RULES[name]
    return [`\`${name}\``, doc, since ?? '', source]
  })
  return table(['guard of a mirror-maker2 link', 'what it does', 'since', 'source'], rows)
}

function guards(): string {
  const rows = GUARD_NAMES.map((name) => {
    const { doc, source, since, until } = GUARD_RULES[name]
    return [`\`${name}\``, doc, since ?? '', until ?? '', source]
  })
  return table(['guard', 'what it does', 'since', 'until', 'source'], rows)
}

function knobs(): string {
  const rows = KNOB_NAMES.map((name) => {
    const { doc, default: value } = KNOBS[name]
    return [`\`${name}\``, doc, typeof value === 'number' ? String(value) : value.join(' to ')]
  })
  return table(['knob', 'meaning', 'default'], rows)
}

function overlay(): string {
  const defaults: Readonly<Record<string, string>> = {
    regions: 'all',
    gatewayNodes: 'as gatewayPairs',
    ceiling: 'required',
    guaranteed: '',
    gatewayBandwidth: '300Mbit or 0',
    overhead: '92B or 60B',
    ...overlayDefaults(),
  }
  const rows = Object.entries(OVERLAY_DOCS).map(([name, doc]) => [
    `\`${name}\``,
    doc,
    defaults[name] ?? '',
  ])
  return table(['key', 'meaning', 'default'], rows)
}

/** Those that the schema fills in. */
function overlayDefaults(): Record<string, string> {
  const filled = overlaySchema.parse({ ceiling: 0 })
  const seconds = (micros: number): string => `${micros / 1_000_000}s`
  return {
    slice: filled.slice,
    gatewayType: filled.gatewayType,
    gatewayPairs: String(filled.gatewayPairs),
    hopDelay: `${filled.hopDelay}us`,
    hopJitter: `${filled.hopJitter}us`,
    mtu: String(filled.mtu),
    failover: `[${filled.failover.map(seconds).join(', ')}]`,
    establish: seconds(filled.establish),
  }
}

function settings(): string {
  const rows = (Object.keys(MODELLED_SETTINGS) as Component[]).map((component) => {
    const names = Object.keys(MODELLED_SETTINGS[component]).map((name) => `\`${name}\``)
    return [component, names.join(', ')]
  })
  return table(['component', 'settings with an effect'], rows)
}

export const TABLES: Readonly<Record<string, () => string>> = {
  faults,
  objectives,
  settings,
  guards,
  knobs,
  overlay,
  'mm2-guards': mm2Guards,
}

/** The text with each table between its marks made anew. */
export function withTables(text: string): string {
  return Object.entries(TABLES).reduce((result, [name, make]) => {
    const marks = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- end -->)`)
    return result.replace(
      marks,
      (_all, start: string, end: string) => `${start}\n${make()}\n\n${end}`,
    )
  }, text)
}
