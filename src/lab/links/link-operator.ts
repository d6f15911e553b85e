// What an operator orders of cluster links. The tool looks at lag and groups before it orders; what
// it sees is what brokers report, which may be old.

import type { MirrorCommand } from '../../faults/fault.ts'
import type { History } from '../../history.ts'
import type { PartitionIndex } from '../../kafka/ids.ts'
import type { MirrorTopic } from '../../kafka/metadata/mirror-records.ts'
import type { ClusterLinkSpec } from '../../scenario/links.ts'
import type { LiveCluster } from '../live-cluster.ts'
import type { Clock } from '../record/clock.ts'
import { describeGroups } from '../result/groups.ts'
import { type LiveLinks, sourceFor } from './cluster-links.ts'
import { MirrorOperator, mirrorsOf, surplusOf } from './mirror-operator.ts'

/** What kafka-mirrors orders of a topic on its own. */
type LinkCommand = Exclude<MirrorCommand, 'truncate-and-restore' | 'start' | 'stop'>

/**
 * Orders go to the controller of the cluster where the mirror is. What the tool refuses, and what
 * came of the rest, is told in the history.
 */
export class LinkOperator {
  readonly #clusters: readonly LiveCluster[]
  readonly #links: LiveLinks
  readonly #history: History
  readonly #clock: Clock
  readonly #mirrors: MirrorOperator

  constructor(
    clusters: readonly LiveCluster[],
    links: LiveLinks,
    record: { readonly history: History; readonly clock: Clock },
  ) {
    this.#clusters = clusters
    this.#links = links
    this.#history = record.history
    this.#clock = record.clock
    this.#mirrors = new MirrorOperator(clusters, (live, text) => this.#tell(live, text))
  }

  /** A mirror topic of the link that is in that state, as a monitor of either side sees it. */
  mirrorIn(link: string, state: string): string | null {
    const mirrors = this.#clusters.flatMap((live) => [...mirrorsOf(live).topics.values()])
    return mirrors.find((one) => one.link === link && one.state === state)?.topic ?? null
  }

  /** `topics` null: every mirror of the link that the command may concern. */
  command(command: MirrorCommand, link: string, topics: readonly string[] | null): void {
    const spec = this.#links.specs.find(({ name }) => name === link)
    if (spec === undefined) return
    if (spec.system === 'cluster-mirror') {
      this.#mirrors.command(command, spec, topics)
      return
    }
    if (command === 'start' || command === 'stop') return
    if (command === 'truncate-and-restore') this.#restore(spec, topics)
    else this.#commandMirrors(spec, command, topics)
  }

  /**
   * Ordered at each cluster that has mirrors of the link; told when its controller has taken it.
   */
  pause(link: string, paused: boolean): void {
    const spec = this.#links.specs.find(({ name }) => name === link)
    if (spec === undefined) return
    for (const live of this.#clusters) {
      if (sourceFor(spec, live.name) === null) continue
      live.operator.order({ api: 'AlterClusterLink', link, paused }, () => {
        this.#tell(live, `link ${link} ${paused ? 'paused' : 'goes on'}`)
      })
    }
  }

  #commandMirrors(
    spec: ClusterLinkSpec,
    command: LinkCommand,
    topics: readonly string[] | null,
  ): void {
    const concerned = new Set<string>()
    for (const live of this.#clusters) {
      for (const mirror of mirrorsOf(live).topics.values()) {
        if (mirror.link !== spec.name || mirror.state === 'STOPPED') continue
        if (topics !== null && !topics.includes(mirror.topic)) continue
        concerned.add(mirror.topic)
        const objection = this.#objection(spec, live, command, mirror)
        if (objection === null) this.#order(live, command, mirror)
        else this.#tell(live, `${command} ${mirror.topic}: refused, ${objection}`)
      }
    }
    this.#tellWithout(spec, command, topics, concerned)
  }

  /** A command for topics that are no mirrors any more, or never were. */
  #tellWithout(
    { name, to }: ClusterLinkSpec,
    command: LinkCommand,
    topics: readonly string[] | null,
    concerned: ReadonlySet<string>,
  ): void {
    const live = this.#clusters.find((one) => one.name === to)
    if (live === undefined) return
    if (topics === null && concerned.size === 0) {
      this.#tell(live, `${command}: refused, no topic is a mirror of ${name}`)
    }
    for (const topic of topics ?? []) {
      if (concerned.has(topic)) continue
      const state = mirrorsOf(live).of(topic)?.state ?? 'no mirror'
      this.#tell(live, `${command} ${topic}: refused, it is ${state}`)
    }
  }

  #objection(
    { config }: ClusterLinkSpec,
    live: LiveCluster,
    command: LinkCommand,
    { topic, link }: MirrorTopic,
  ): string | null {
    const isReversal = command === 'reverse-and-start' || command === 'reverse-and-pause'
    if (isReversal && config['link.mode'] !== 'BIDIRECTIONAL')
      return 'the link is not BIDIRECTIONAL'
    if (isReversal && (config['cluster.link.prefix'] ?? '') !== '') return 'the link has a prefix'
    if (!isReversal && command !== 'promote') return null
    if (mirrorsOf(live).isPaused(link)) return 'the mirror is LINK_PAUSED'
    const lag = live.cluster.topics
      .partitionsOf(topic)
      .reduce((sum, index) => sum + this.#lagOf(live, link, index), 0)
    return lag === 0 ? null : `the mirror lags by ${lag} records`
  }

  /** As brokers report it; -1 of a partition that was not fetched yet counts as lag. */
  #lagOf(live: LiveCluster, link: string, index: PartitionIndex): number {
    const leader = live.cluster.lastKnownRegistration(index)?.leader ?? -1
    const { highWatermark } = this.#links.sightOf(leader, link, index)
    if (highWatermark < 0) return 1
    const log = live.cluster.nodes.get(leader)?.brokerStore.logs.get(index)
    return Math.max(0, highWatermark - (log?.logEndOffset ?? 0))
  }

  #restore(spec: ClusterLinkSpec, topics: readonly string[] | null): void {
    const isBack = this.#clusters.find(({ name }) => name === spec.from)
    const remote = this.#clusters.find(({ name }) => name === spec.to)
    if (isBack === undefined || remote === undefined) return
    for (const mirror of mirrorsOf(remote).topics.values()) {
      if (mirror.link !== spec.name) continue
      const topic = mirror.sourceTopic
      if (topics !== null && !topics.includes(topic)) continue
      const objection = restoreObjection(spec, isBack, mirror)
      if (objection === null) this.#orderRestore(isBack, remote, mirror)
      else this.#tell(isBack, `truncate-and-restore ${topic}: refused, ${objection}`)
    }
  }

  #orderRestore(live: LiveCluster, remote: LiveCluster, mirror: MirrorTopic): void {
    const { topic, sourceTopic, link } = mirror
    const ends = remote.cluster.topics.partitionsOf(topic).map((index) => {
      return mirrorsOf(remote).progressOf(topic, index).done ?? 0
    })
    const total = surplusOf(live, sourceTopic, ends)
    const request = {
      ...{ api: 'AlterMirror' as const, operation: 'truncate-and-restore' as const },
      ...{ topic: sourceTopic, link, sourceTopic: topic },
    }
    live.operator.order(request, (error, message) => {
      const text = `truncate-and-restore ${sourceTopic}`
      const done = `${text}: ${total} messages will be truncated`
      this.#tell(live, error === 'NONE' ? done : `${text}: ${error} ${message}`)
    })
  }

  #order(live: LiveCluster, command: LinkCommand, mirror: MirrorTopic): void {
    const { topic, link, sourceTopic } = mirror
    const request = { api: 'AlterMirror' as const, topic, operation: command, link, sourceTopic }
    live.operator.order(request, (error, message) => {
      const text = `${command} ${topic}`
      this.#tell(live, error === 'NONE' ? text : `${text}: ${error} ${message}`)
    })
  }

  #tell({ name }: LiveCluster, text: string): void {
    const at = this.#clock.now()
    this.#history.event({ at, actor: 'operator', kind: 'operator', text: `${name}: ${text}` })
  }
}

function restoreObjection(
  { config }: ClusterLinkSpec,
  live: LiveCluster,
  remote: MirrorTopic,
): string | null {
  if (config['link.mode'] !== 'BIDIRECTIONAL') return 'the link is not BIDIRECTIONAL'
  if (remote.state !== 'STOPPED') return `the remote mirror is ${remote.state}`
  const active = describeGroups(live.cluster).find(({ state, rows }) => {
    return state !== 'Empty' && rows.some(({ topic }) => topic === remote.sourceTopic)
  })
  return active === undefined ? null : `group ${active.group} is active on the topic`
}
