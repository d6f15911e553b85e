// Models: the positions of newly assigned partitions: what the group has committed, else a reset.
// Leaves out: offsets of open transactions (UNSTABLE_OFFSET_COMMIT).
// Source: ConsumerCoordinator.initWithCommittedOffsetsIfNeeded, OffsetFetchResponseHandler.

import { type Micros, NEVER } from '../../../sim/time.ts'
import type { CommittedOffset, OffsetFetchRequest } from '../../group-messages.ts'
import type { Response } from '../../messages.ts'
import { type BackoffSpec, backoff, retryBackoff } from '../../network/exponential-backoff.ts'
import type { RpcCaller, RpcFailure } from '../../network/rpc.ts'
import type { GroupClient } from './group-client.ts'
import type { Membership } from './membership.ts'
import { fetchedOffsets, offsetFetch } from './offset-fetch.ts'

/**
 * Nothing is read of a partition before its position is known; where the group never committed one,
 * auto.offset.reset decides.
 */
export class CommittedPositions implements RpcCaller<OffsetFetchRequest> {
  readonly #client: GroupClient
  readonly #membership: Membership
  readonly #backoff: BackoffSpec
  /** Partitions asked about and not answered; others that came later ask anew. */
  #asked: OffsetFetchRequest | null = null
  #retryAt: Micros = 0
  #failures = 0

  constructor(client: GroupClient, membership: Membership) {
    this.#client = client
    this.#membership = membership
    this.#backoff = retryBackoff(client.settings)
  }

  /** Asks for what is not known yet. @returns when to look again */
  poll(now: Micros): Micros {
    const { subscription, lookup, settings, channel } = this.#client
    const partitions = subscription.partitions
      .filter(({ state }) => state === 'committed')
      .map(({ partition }) => partition)
    if (partitions.length === 0) return NEVER
    if (this.#asked?.partitions?.join() === partitions.join()) return NEVER
    if (now < this.#retryAt) return this.#retryAt
    if (lookup.coordinator === null) return lookup.ensure(now)
    const request = offsetFetch(settings, this.#membership, partitions)
    this.#asked = request
    channel.send(lookup.coordinator, request, settings.requestTimeoutMs, this)
    return NEVER
  }

  /**
   * Positions for partitions that still wait for one: what was sought or given up meanwhile stays.
   */
  onReply(
    request: OffsetFetchRequest,
    response: Response | null,
    failure: RpcFailure | null,
  ): void {
    const { lookup, context, wake } = this.#client
    if (request === this.#asked) this.#asked = null
    const offsets = fetchedOffsets(lookup, response, failure)
    if (offsets !== null) {
      this.#failures = 0
      this.#take(request.partitions ?? [], offsets)
    } else {
      const wait = backoff(this.#backoff, this.#failures++, context.random('offset-fetch'))
      this.#retryAt = context.now + wait
    }
    wake()
  }

  #take(asked: readonly number[], offsets: readonly CommittedOffset[]): void {
    const { subscription, metadata } = this.#client
    for (const { partition, leaderEpoch } of offsets) {
      // An epoch that metadata does not know yet: its leader must be learned first.
      if (leaderEpoch >= 0) metadata.sawEpoch(partition, leaderEpoch)
    }
    for (const partition of asked) {
      const assigned = subscription.of(partition)
      if (assigned?.state !== 'committed') continue
      const known = offsets.find((one) => one.partition === partition)
      if (known === undefined) subscription.nothingCommitted(assigned)
      else subscription.committedFound(assigned, known.offset, known.leaderEpoch)
    }
  }
}
