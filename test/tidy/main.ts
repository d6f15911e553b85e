// npm run tidy: the scorecard of the house.

import { readHouse, scorecard } from './scorecard.ts'

const rows = scorecard(readHouse()).map(({ name, aim, here, reached }) => {
  return [name, aim, here, reached ? 'reached' : 'not yet']
})
const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
for (const [name = '', aim = '', here = '', state = ''] of rows) {
  const [a = 0, b = 0, c = 0] = widths
  console.log(`${name.padEnd(a)}  ${aim.padEnd(b)}  ${here.padStart(c)}  ${state}`)
}
