import { murmur2, partitionForKey, utf8 } from '../../../../src/kafka/clients/murmur2.ts'
import { compare, type JsonObject, type Outcome } from '../compare.ts'
import { num, object, str } from '../fields.ts'
import { replayAssignor } from './assignors.ts'

/** A key, or a group whose partitions are dealt. */
export function replayPartitioner(goldenCase: JsonObject): Outcome {
  if (str(goldenCase, 'kind') !== 'key') return replayAssignor(goldenCase)
  const bytes = utf8(str(goldenCase, 'key'))
  const expected = object(goldenCase, 'partitionOf')
  const actual: JsonObject = {}
  for (const partitions of Object.keys(expected)) {
    actual[partitions] = partitionForKey(bytes, Number(partitions))
  }
  return (
    compare('murmur2', num(goldenCase, 'murmur2'), murmur2(bytes)) ??
    compare('partitionOf', expected, actual)
  )
}
