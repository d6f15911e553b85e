// Which topics of its source a link carries, as its file has it: those that it takes by itself, and
// of a cluster mirror also those that a command of the file starts later.

import type { LinkSpec } from '../../scenario/links.ts'
import type { Scenario } from '../../scenario/model.ts'
import { takenBy } from '../../scenario/resolve/links/remote-topics.ts'

type Commands = Pick<Scenario, 'faults' | 'randomFaults' | 'runbooks'>

/** Whether a topic is to be copied, now or once somebody says so. */
export function carriedBy(link: LinkSpec, commands: Commands): (topic: string) => boolean {
  const takes = takenBy(link)
  if (link.system !== 'cluster-mirror') return takes
  const started = startedTopics(link.name, commands)
  return (topic) => takes(topic) || started.includes(topic)
}

/** That `mirror-start` names; without names it is of topics that the mirror has anyway. */
function startedTopics(link: string, { faults, randomFaults, runbooks }: Commands): string[] {
  const ordered = [
    ...faults.map(({ fault }) => fault),
    ...(randomFaults?.faults ?? []),
    ...runbooks.flatMap(({ steps }) => steps.map(({ step }) => step)),
  ]
  return ordered.flatMap((order) => {
    if (order.kind !== 'mirror-start' || order.params.link !== link) return []
    return order.params.topics ?? []
  })
}
