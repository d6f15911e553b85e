import { Accumulator } from '../../../../src/kafka/clients/accumulator.ts'
import { CompressionRatioEstimator } from '../../../../src/kafka/clients/compression-ratio.ts'
import { MemoryRecordsBuilder } from '../../../../src/kafka/clients/memory-records-builder.ts'
import { compareAnswer, type JsonObject, type Outcome } from '../compare.ts'
import { flag, list, num, objects } from '../fields.ts'

/** What a batch takes, run by run, or what an estimate becomes, ratio by ratio. */
export function replayRecordBatch(goldenCase: JsonObject): Outcome {
  return goldenCase.observed === undefined ? replayBatch(goldenCase) : replayEstimate(goldenCase)
}

function replayBatch(goldenCase: JsonObject): Outcome {
  const runs = objects(goldenCase, 'runs').map((run) => ({
    count: num(run, 'count'),
    payloadBytes: num(run, 'bytes'),
    compressionRatio: 1,
    createdAt: (n: number) => num(run, 'first') + n * num(run, 'gap'),
  }))
  const isCompressed = flag(goldenCase, 'compressed')
  const limit = limitOf(num(goldenCase, 'batchSize'), runs[0]?.payloadBytes ?? 0)
  const builder = new MemoryRecordsBuilder(
    limit,
    isCompressed,
    Math.fround(num(goldenCase, 'ratio')),
  )
  const [taken, full, estimated]: [number[], boolean[], number[]] = [[], [], []]
  let isOpen = true
  for (const { count, createdAt, ...rest } of runs) {
    let from = 0
    const run = { ...rest, createdAt: (n: number) => createdAt(from + n) }
    // In pieces, as records arrive: they must add up to what one look at the whole run takes.
    for (const piece of [1, count]) {
      const part = isOpen ? builder.append(run, Math.min(piece, count - from)) : 0
      if (isOpen && part < Math.min(piece, count - from)) isOpen = false
      from += part
    }
    taken.push(from)
    full.push(builder.isFull)
    estimated.push(builder.estimatedBytes)
  }
  const written = isCompressed ? null : builder.bytes
  return compareAnswer('case', goldenCase, { limit, taken, full, estimated, written })
}

/** What the accumulator takes from its memory for a batch that begins with such a record. */
function limitOf(batchSizeBytes: number, payloadBytes: number): number {
  const config = {
    batchSizeBytes,
    bufferMemoryBytes: Number.MAX_SAFE_INTEGER,
    compressionType: 'none' as const,
    partitionerAvailabilityTimeoutMs: 0,
  }
  return new Accumulator(config, () => 0).builderFor(payloadBytes).writeLimit
}

function replayEstimate(goldenCase: JsonObject): Outcome {
  const estimator = new CompressionRatioEstimator()
  const estimates = list(goldenCase, 'observed').map((ratio) => {
    estimator.update(Math.fround(Number(ratio)))
    // Java prints the shortest decimal that is this 32-bit float.
    return Number(estimator.estimation.toPrecision(7))
  })
  return compareAnswer('case', goldenCase, { estimates })
}
