// Models: what a producer expects its records to be compressed to: slow to hope, quick to despair.
// Leaves out: one estimate a topic and type: a producer here has one for all that it sends.
// Source: org.apache.kafka.common.record.CompressionRatioEstimator.

const IMPROVING_STEP = Math.fround(0.005)
const DETERIORATE_STEP = Math.fround(0.05)

/** Batches are filled by it: one estimated too small overshoots batch.size on the wire. */
export class CompressionRatioEstimator {
  /** CompressionType.rate: nothing is expected before something was seen. */
  estimation = 1

  /** A batch was closed and has this ratio. */
  update(ratio: number): void {
    const current = this.estimation
    // In 32-bit floats, as Kafka has it.
    const observed = Math.fround(ratio)
    if (observed > current) {
      this.estimation = Math.max(Math.fround(current + DETERIORATE_STEP), observed)
    } else if (observed < current) {
      this.estimation = Math.max(Math.fround(current - IMPROVING_STEP), observed)
    }
  }
}
