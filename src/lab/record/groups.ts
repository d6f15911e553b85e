// Records what coordinators decided of their groups.

import type { GroupChangeKind } from '../../history/facts.ts'
import type { History } from '../../history.ts'
import type { GroupObserver } from '../../kafka/groups/group-observer.ts'
import type { NodeId } from '../../kafka/ids.ts'
import type { Causes } from './causes.ts'
import type { Clock } from './clock.ts'

/** Which broker coordinates. */
export interface CoordinatorPlace {
  readonly broker: NodeId
  readonly cluster: string
}

/** The event that tells of each change. */
const EVENT_KINDS: Record<GroupChangeKind, string> = {
  joined: 'member-joined',
  removed: 'member-removed',
  rebalance: 'rebalance',
  stable: 'group-stable',
  loaded: 'coordinator',
}

/** History of the coordinator on one broker. */
export class GroupRecorder implements GroupObserver {
  readonly #history: History
  readonly #causes: Causes
  readonly #broker: NodeId
  readonly #cluster: string
  readonly #clock: Clock

  constructor(history: History, causes: Causes, place: CoordinatorPlace, clock: Clock) {
    this.#history = history
    this.#causes = causes
    this.#broker = place.broker
    this.#cluster = place.cluster
    this.#clock = clock
  }

  /** An event and a row; members are told by the ids that they were given. */
  onMemberAdded(group: string, member: string): void {
    this.#tell(group, 'joined', `${member} joins ${group}`, { member })
  }

  /** `why` in the coordinator's own words: it left, or its session was over. */
  onMemberRemoved(group: string, member: string, why: string): void {
    this.#tell(group, 'removed', `${member} is out of ${group}: ${why}`, {
      member,
      why,
    })
  }

  /** From here until `onStable` counts as rebalancing. */
  onRebalance(group: string, generation: number, why: string): void {
    const text = `${group} rebalances after generation ${generation}: ${why}`
    this.#tell(group, 'rebalance', text, { generation })
  }

  /** Members may fetch what they were given; `generation` is the new one. */
  onStable(group: string, generation: number, members: number): void {
    const text = `${group} is stable in generation ${generation} with ${members} members`
    this.#tell(group, 'stable', text, { generation, members })
  }

  /** An event for each group: from now on its offsets can be had here. */
  onLoaded(groups: readonly string[]): void {
    for (const group of groups) {
      this.#tell(group, 'loaded', `broker ${this.#broker} coordinates ${group}`, {})
    }
  }

  #tell(
    group: string,
    change: GroupChangeKind,
    text: string,
    values: Readonly<Record<string, number | string>>,
  ): void {
    const at = this.#clock.now()
    this.#history.groupChanges.push({ cluster: this.#cluster, group, change, at })
    this.#history.event({
      at,
      actor: `coordinator ${this.#broker}`,
      kind: EVENT_KINDS[change],
      text,
      cause: this.#causes.fault,
      values: { group, ...values },
    })
  }
}
