import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { GUARD_NAMES } from '../../src/kafka/version.ts'
import { CASES, GUARDS_WITHOUT_CASE } from './cases.ts'

const TESTS = new URL('..', import.meta.url)
const FOLDER = new URL('.', import.meta.url)
const files = readdirSync(FOLDER).filter((name) => /^[a-z]\d\d-.*\.test\.ts$/.test(name))

describe('the table of anomalies', () => {
  it('names each test of the folder, and no other of the folder', () => {
    const named = CASES.map(({ test }) => test).filter((test) => test?.startsWith('anomalies/'))
    expect(named.sort()).toEqual(files.map((name) => `anomalies/${name}`).sort())
  })

  it('has each number once, with a test or with the reason why not', () => {
    const ids = CASES.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, test, left } of CASES) {
      expect(id).toMatch(/^[RDQPOGMLJ]\d\d$/)
      expect(
        [test, left].filter((one) => one !== null),
        id,
      ).toHaveLength(1)
    }
  })

  it('says what prevents each: a guard, a setting, a layout, or that nothing does', () => {
    for (const { id, guard, prevention, left } of CASES) {
      if (left === null) expect(guard ?? prevention, id).not.toBe('')
    }
  })

  it.each(CASES.filter(({ test }) => test !== null))('$id is claimed by its test', (one) => {
    const text = readFileSync(new URL(one.test ?? '', TESTS), 'utf8')
    if (one.test?.startsWith('anomalies/')) expect(text).toContain(`'${one.id}: `)
    if (one.guard !== null) expect(text, `switches ${one.guard}`).toContain(one.guard)
  })

  it('has a case for every guard that decides the fate of records, and names the others', () => {
    const texts = files.map((name) => readFileSync(new URL(name, FOLDER), 'utf8'))
    const isShown = (guard: string) => texts.some((text) => text.includes(guard))
    expect(GUARD_NAMES.filter((guard) => !isShown(guard))).toEqual(GUARDS_WITHOUT_CASE)
  })
})
