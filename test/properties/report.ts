// What a search prints: what it has reached, and for each violation a file and the lines to paste.

import type { Coverage } from '../../src/testing/coverage.ts'
import type { Found } from '../../src/testing/search.ts'

const COLUMNS = 98
const INDENT = 20

export function coverageText(coverage: Coverage, runs: number): string {
  const kinds = [...coverage].sort(([a], [b]) => order(a, b))
  const lines = kinds.map(([kind, names]) => {
    const counts = [...names].sort((a, b) => b[1] - a[1] || order(a[0], b[0]))
    return `${kind.padEnd(INDENT)}${wrapped(counts.map(([name, count]) => `${name} ${count}`))}`
  })
  return `Reached in so many of ${runs} runs\n\n${lines.join('\n')}\n`
}

export function foundText(found: Found, file: string, seed: number, isLinked = false): string {
  const { index, claim, sentences, text } = found
  const lines = [
    `Run ${index} contradicts: ${claim}`,
    ...sentences.map((sentence) => `  ${sentence.split('\n')[0]}`),
    '',
    ...text.trimEnd().split('\n'),
    '',
    'Again:',
    `  npm run highwater -- run ${file} --seed ${found.seed}`,
    `  npm run search -- ${isLinked ? '--linked ' : ''}--seed ${seed} --run ${index}`,
  ]
  return `${lines.join('\n')}\n`
}

/** 'a 1, b 2' over as many lines as it takes. */
function wrapped(items: readonly string[]): string {
  const lines: string[] = []
  let line = ''
  for (const item of items) {
    const longer = line === '' ? item : `${line}, ${item}`
    if (INDENT + longer.length <= COLUMNS) line = longer
    else {
      lines.push(`${line},`)
      line = item
    }
  }
  return [...lines, line].join(`\n${' '.repeat(INDENT)}`)
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
