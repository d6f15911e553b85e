import { duplicatedRecords } from '../../check/duplicates.ts'
import { orderOf } from '../../check/ordering.ts'
import { keptPartitions } from '../exposure.ts'
import { mayComeHome } from '../linked/ways-home.ts'
import { type ObservedRun, producerOf } from '../observed-run.ts'
import { broken, type Claim } from './claim.ts'

/** What a producer ends by itself; everything else was answered, or its answer was lost. */
const OWN_ENDS: ReadonlySet<string> = new Set(['DELIVERY_TIMEOUT', 'PRODUCER_CLOSED'])

/** I21 of Kafka's promises: the memory of a producer survives with the log that it is made of. */
export const idempotentOnce: Claim = {
  name: 'idempotent-once',
  says: 'an idempotent producer’s records stand in the log once and in the order of sending',
  check(run) {
    const { history, scenario } = run
    const areIdempotent = scenario.producers.every(({ config }) => config['enable.idempotence'])
    // The memory of producers that were silent for so long is gone.
    const forgets = scenario.clusters.some(
      ({ config }) => config['producer.id.expiration.ms'] < 600_000,
    )
    if (!areIdempotent || forgets) return null
    const kept = keptPartitions(run)
    // A replicator has no such memory: what it copies twice stands twice, at its target.
    // Nor does one that is told to bring them home.
    const written = history.streams.flatMap(({ partition }) => history.partitions[partition] ?? [])
    const anew = numberedAnew(run)
    const own = written.filter(
      (home) => kept[home.index] && !anew.has(home.index) && !mayComeHome(scenario, home),
    )
    if (own.length === 0) return null
    const homes = new Set(own.map(({ index }) => history.partitionName(index)))
    const { byPartition } = duplicatedRecords(history)
    const twice = byPartition.filter(({ partition }) => homes.has(partition))
    const copies = twice.reduce((sum, one) => sum + one.copies, 0)
    // A link's own producer may let batches overtake one another: that is its copy's disorder.
    const { reordered, unprecedented } = orderOf(history, new Set(own.map(({ index }) => index)))
    const overtaken = reordered - unprecedented
    const where = twice.map(({ partition }) => partition).join(', ')
    return broken(
      [copies === 0, `${copies} records stand more than once in ${where}`],
      [overtaken === 0, `${overtaken} records stand behind a later one`],
    )
  },
}

/**
 * Partitions whose numbers may have begun again at 0 while a batch of unknown fate was under way
 * (Sender.completeBatch, TransactionManager.handleFailedBatch):
 * 1. a connection is lost with several batches in flight;
 * 2. delivery.timeout.ms has passed for the first of them in that moment, so that the lost answer
 *    ends it, and with retries left its end asks for a new epoch;
 * 3. the others are tried again under new numbers, by which the broker knows none of them.
 */
function numberedAnew(run: ObservedRun): ReadonlySet<number> {
  const { history } = run
  const partitions = new Set<number>()
  for (const { stream, partition, error, attempts } of history.produced) {
    if (error < 0 || OWN_ENDS.has(history.names.text(error))) continue
    const isSent = attempts > 0
    if (isSent && attempts <= producerOf(run, stream).config.retries) partitions.add(partition)
  }
  return partitions
}
