import { expect, it } from 'vitest'
import { answerLine } from '../../src/report/answer-line.ts'
import { fixtureResult } from '../support/fixture-result.ts'

it.each([
  [0, 'None of 214,881 acknowledged records is lost.'],
  [1, '1 of 214,881 acknowledged records is lost.'],
  [1_204, '1,204 of 214,881 acknowledged records are lost.'],
])('says in a sentence that %i records are lost', (records, sentence) => {
  const { rpo } = fixtureResult()
  expect(answerLine(fixtureResult({ rpo: { ...rpo, records } }))).toContain(sentence)
})

it('does not praise a run that took no record at all', () => {
  const { rpo, fates } = fixtureResult()
  const none = fixtureResult({
    rpo: { ...rpo, acked: 0, records: 0 },
    fates: { ...fates, sent: 129, acked: 0, failed: 129 },
  })
  expect(answerLine(none)).toMatch(/^Not one of 129 records was acknowledged: \S[^.]*\.$/)
})
