// describe: what Kafka's own tools would print at a moment of a run.

import { Command, Option } from 'commander'
import type { ClusterState } from '../contract.ts'
import { describeGroups } from '../report/describe-groups.ts'
import { describeMirrors } from '../report/describe-mirrors.ts'
import { describeQuorumReplication, describeQuorumStatus } from '../report/describe-quorum.ts'
import { describeTopics, type TopicFilter } from '../report/describe-topic.ts'
import { usageError } from '../scenario/usage-error.ts'
import { resultOf } from './job.ts'
import { findScenario } from './library.ts'
import { MICROS_PER_MS, readMoment, seedOption } from './options.ts'
import type { Verb } from './terminal.ts'

const MS_PER_SECOND = 1_000

const FILTERS = ['under-replicated', 'under-min-isr', 'at-min-isr', 'unavailable'] as const

const HELP = `
Examples:
  $ highwater describe q05-active-controller-region --at 20s
  $ highwater describe my.yaml --at 28.9s --only under-min-isr
`

interface DescribeOptions {
  readonly at?: number
  readonly seed?: string
  readonly only?: TopicFilter
}

export const describeVerb: Verb = (edge) =>
  new Command('describe')
    .description(
      'topic, quorum, group and mirror tables at any time of a run, as Kafka prints them',
    )
    .argument('<file>', 'a scenario, by path or name')
    .addOption(
      new Option('--at <time>', 'moment of the run (default: its end)').argParser(readMoment),
    )
    .addOption(seedOption())
    .addOption(new Option('--only <filter>', 'only such partitions').choices(FILTERS))
    .addHelpText('after', HELP)
    .action((given: string, options: DescribeOptions) => {
      const job = {
        file: findScenario(given),
        seed: options.seed ?? null,
        until: options.at ?? null,
      }
      const { clusters, clock } = resultOf(job)
      const atMs = (options.at ?? 0) / MICROS_PER_MS
      if (atMs > clock.endMs) {
        const end = `the run ends at ${clock.endMs / MS_PER_SECOND}s`
        throw usageError(end, 'name an earlier moment', `--at ${atMs / MS_PER_SECOND}s`)
      }
      const chapters = clusters.map((state) => {
        const tables = tablesOf(state, options.only ?? null).join('\n')
        return clusters.length > 1 ? `# ${state.name}\n${tables}` : tables
      })
      edge.terminal.out(chapters.join('\n'))
    })

function tablesOf(state: ClusterState, only: TopicFilter | null): string[] {
  const { topics, quorum, groups, mirrors } = state
  if (only !== null) return [describeTopics(topics, only)]
  return [
    describeTopics(topics),
    describeQuorumStatus(quorum),
    describeQuorumReplication(quorum),
    ...(groups.length > 0 ? [describeGroups(groups)] : []),
    ...(mirrors.length > 0 ? [describeMirrors(mirrors)] : []),
  ]
}
