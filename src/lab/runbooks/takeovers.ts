// When a runbook makes a cluster the primary to which a link without promotion leads: MirrorMaker 2
// and its like have no command for it, the target takes writes all the time, and what counts is
// when clients are first sent there.

import { isNamedAfter } from '../../check/failovers.ts'
import type { Link } from '../../history/facts.ts'
import { type History, isInternal } from '../../history.ts'
import type { RunbookRecorder } from './recorder.ts'

/** Tells nothing of links in brokers, whose promotion is an event of its own. */
export class Takeovers {
  readonly #history: History
  readonly #record: RunbookRecorder
  readonly #told = new Set<string>()

  constructor(history: History, record: RunbookRecorder) {
    this.#history = history
    this.#record = record
  }

  /** Clients of one cluster are sent to another one; told once a runbook and pair of clusters. */
  sent(from: string, to: string): void {
    const key = `${from}\n${to}`
    if (this.#told.has(key)) return
    this.#told.add(key)
    const link = this.#history.links.find((one) => one.from === from && one.to === to)
    if (link?.system === 'cluster-link' || link?.system === 'cluster-mirror') return
    if (link !== undefined) this.#record.promoted(link.name, to, this.#copies(link))
    else if (this.#isReturn(from, to)) this.#record.promoted('', to, this.#partitionsOf(to))
  }

  /** Partitions of the target that bear the name of one of the source. */
  #copies({ from, to }: Link): number[] {
    const partitions = this.#history.partitions.filter((one) => !isInternal(one))
    const sources = partitions.filter(({ cluster }) => cluster === from)
    return partitions
      .filter(({ cluster }) => cluster === to)
      .filter((target) => sources.some((source) => isNamedAfter(target, source)))
      .map(({ index }) => index)
  }

  #partitionsOf(cluster: string): number[] {
    const own = this.#history.partitions.filter((one) => one.cluster === cluster)
    return own.map(({ index }) => index)
  }

  /** A link had led here: who goes back over no link makes the old primary the primary again. */
  #isReturn(from: string, to: string): boolean {
    return this.#history.links.some((one) => one.from === to && one.to === from)
  }
}
