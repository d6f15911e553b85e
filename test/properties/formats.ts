import { FORMATS, renderRun, renderRuns, TOGETHER } from '../../src/cli/formats.ts'
import { PLAIN } from '../../src/report/palette.ts'
import type { Claim } from '../../src/testing/claims/claim.ts'

const RENDERING = { palette: PLAIN, epochSeconds: 0 }

/** The signs of a value that nobody thought of. */
const STRAY = /\b(?:undefined|NaN|Infinity)\b|\[object Object\]/

/** Whatever a run was like, people want to read about it. */
export const rendersEverywhere: Claim = {
  name: 'renders-everywhere',
  says: 'every output format can tell of the run, alone and with others',
  check({ result }) {
    const texts = [
      ...FORMATS.map((format) => [format, renderRun(format, result, RENDERING)] as const),
      ...TOGETHER.map(
        (format) => [format, renderRuns(format, [result, result], RENDERING)] as const,
      ),
    ]
    return texts.flatMap(([format, text]) => {
      const stray = STRAY.exec(text)?.[0]
      if (text.length === 0) return [`${format} is empty`]
      return stray === undefined ? [] : [`${format} says ${stray}`]
    })
  },
}
