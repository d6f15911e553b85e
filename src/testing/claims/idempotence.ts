import { duplicatedRecords } from '../../check/duplicates.ts'
import { orderOf } from '../../check/ordering.ts'
import { keptPartitions } from '../exposure.ts'
import { mayComeHome } from '../linked/ways-home.ts'
import { broken, type Claim } from './claim.ts'

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
    const own = written.filter((home) => kept[home.index] && !mayComeHome(scenario, home))
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
