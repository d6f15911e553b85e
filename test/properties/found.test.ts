import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { tryText } from '../../src/testing/violation.ts'
import { claimsFor } from './search-claims.ts'

const FOLDER = new URL('./found/', import.meta.url)
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'))

describe('what a search has found once', () => {
  // Each file begins with its story.
  it.each(FILES)('%s contradicts no claim any more', (name) => {
    const { violations } = tryText(readFileSync(new URL(name, FOLDER), 'utf8'), claimsFor(0, true))
    expect(violations).toEqual([])
  })
})
