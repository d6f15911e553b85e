import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Component, MODELLED_SETTINGS } from '../../../src/kafka/settings/modelled.ts'

interface Known {
  readonly type: string
  readonly default: unknown
}

const file: Record<Component, { settings: Record<string, Known> }> = JSON.parse(
  readFileSync('src/kafka/settings/known-settings.json', 'utf8'),
)

const rows = (Object.keys(MODELLED_SETTINGS) as Component[]).flatMap((component) =>
  Object.entries(MODELLED_SETTINGS[component]).map(([name, rule]) => ({ component, name, rule })),
)

describe('a modelled setting', () => {
  it.each(rows)('$component $name has Kafka’s type and default', ({ component, name, rule }) => {
    const known = file[component].settings[name]
    expect(known, 'Kafka knows it').toBeDefined()
    expect(rule.type).toBe(known?.type === 'class' ? 'string' : known?.type)
    expect(rule.default).toEqual(known?.default)
  })
})
