// Models: access control lists of the destination that follow the source's, where a filter names
// them: those that are missing are created, those that the source has no more are deleted.
// Leaves out: how Confluent tells its own entries apart: what a filter names is the link's.
// Source: Confluent's docs (acl.sync.enable, acl.sync.ms, and the warning beside acl.filters).

import type { MirrorHost } from '../../kafka/broker/mirror-port.ts'
import { type AclBinding, aclKey } from '../../kafka/metadata/acls.ts'
import { IGNORED } from '../../kafka/network/rpc.ts'
import type { ProcessContext, Timer } from '../../sim/process.ts'
import type { AclSync } from './link-config.ts'
import type { LinkJob } from './link-job.ts'
import type { SourceClient } from './source-client.ts'

/** Where it lives, and whom it asks. */
interface AclParts {
  readonly context: ProcessContext
  readonly host: MirrorHost
  readonly source: SourceClient
}

/**
 * Only the link's coordinator does it, once for the cluster. Rights follow with a delay of up to an
 * interval, revoked ones too. First looks one interval (acl.sync.ms) after its broker has taken
 * office.
 */
export class MirrorAcls implements LinkJob {
  readonly #host: MirrorHost
  readonly #link: string
  readonly #sync: AclSync
  readonly #source: SourceClient
  readonly #timer: Timer

  /** For a link whose acl.sync.enable says so. */
  constructor({ context, host, source }: AclParts, link: string, sync: AclSync) {
    this.#host = host
    this.#link = link
    this.#sync = sync
    this.#source = source
    this.#timer = context.timer(() => this.#look())
  }

  /** From one interval on. */
  takeUp(): void {
    this.#timer.arm(this.#sync.interval)
  }

  /** An answer under way is still acted on. */
  layDown(): void {
    this.#timer.cancel()
  }

  /** A source that refuses to tell, or has nobody to ask, has told of no list that went. */
  #look(): void {
    this.#timer.arm(this.#sync.interval)
    if (this.#host.isPaused(this.#link)) return
    this.#source.ask(
      { api: 'DescribeAcls' },
      {
        onReply: (_, response) => {
          if (response?.api !== 'DescribeAcls' || response.error !== 'NONE') return
          this.#follow(response.acls)
        },
      },
    )
  }

  #follow(atSource: readonly AclBinding[]): void {
    const { missing, gone } = aclChanges(this.#sync, atSource, [...this.#host.acls()])
    const orders = [
      { api: 'CreateAcls', acls: missing },
      { api: 'DeleteAcls', acls: gone },
    ] as const
    // Missing rights before those that go: nobody is without both for an instant.
    for (const request of orders) {
      if (request.acls.length === 0) continue
      this.#host.tellController({ api: 'Envelope', request }, IGNORED)
    }
  }
}

/** What the destination lacks, and what it has that the source has not, of what the link names. */
export function aclChanges(
  { takes, ownsAll }: Pick<AclSync, 'takes' | 'ownsAll'>,
  source: readonly AclBinding[],
  own: readonly AclBinding[],
): { readonly missing: readonly AclBinding[]; readonly gone: readonly AclBinding[] } {
  const taken = source.filter(takes)
  const [there, here] = [keysOf(taken), keysOf(own)]
  return {
    missing: taken.filter((acl) => !here.has(aclKey(acl))),
    // An entry that somebody made here by hand and that the filter names looks like one that the
    // source has no more: it is deleted. Confluent's docs warn of it.
    gone: own.filter((acl) => (ownsAll || takes(acl)) && !there.has(aclKey(acl))),
  }
}

function keysOf(acls: readonly AclBinding[]): ReadonlySet<string> {
  return new Set(acls.map(aclKey))
}
