import { expect, it } from 'vitest'
import { explanationText } from '../../src/report/explanation.ts'
import { fixtureResult } from '../support/fixture-result.ts'

const range = { partition: 'orders-0', producer: 'shop', firstRecordId: 7, firstNumber: 7 }

it('what was written twice is told of once for each error that it was sent again for', () => {
  const twice = [
    { ...range, count: 3, cause: 5 },
    { ...range, firstNumber: 20, count: 2, cause: 5 },
    { ...range, firstNumber: 40, count: 1, cause: null },
  ]
  const text = explanationText({ ...fixtureResult(), repeatedRanges: twice })
  expect(text).toContain('5 records of shop twice in orders-0, from shop/orders-0/7, sent again')
  expect(text).toMatch(/sent again after:\n +14\.200 s {2}fault: us-east-1 lost/)
  expect(text).toContain(
    '1 record of shop twice in orders-0, from shop/orders-0/40; no error was seen',
  )
})

it('says nothing of what stands once', () => {
  expect(explanationText(fixtureResult())).not.toContain('twice')
})
