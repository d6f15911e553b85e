// Models: which member of the group becomes the leader of a registry.
// Leaves out: members that advertise one URL twice; encoding.
// Source: leaderelector.kafka.SchemaRegistryCoordinator.onLeaderElected, SchemaRegistryProtocol.

/** What an instance tells its group of itself. */
export interface RegistryIdentity {
  readonly url: string
  /** leader.eligibility */
  readonly isEligible: boolean
  /** It leads, as far as it knows: counts with leader.election.sticky. */
  readonly isLeader: boolean
}

/**
 * The eligible member with the smallest URL, or with `isSticky` the one that leads already; null
 * where nobody is eligible, and then nothing can be written.
 */
export function electLeader(
  members: readonly RegistryIdentity[],
  isSticky: boolean,
): string | null {
  const eligible = members.filter((member) => member.isEligible)
  const leading = isSticky ? eligible.filter((member) => member.isLeader) : []
  // Several that think that they lead are as good as none.
  if (leading.length === 1) return leading[0]?.url ?? null
  const urls = eligible.map(({ url }) => url)
  return urls.reduce<string | null>(
    (least, url) => (least === null || url < least ? url : least),
    null,
  )
}

/** As user data of a JoinGroup. */
export function identityText(identity: RegistryIdentity): string {
  return JSON.stringify(identity)
}

/** The inverse; who told nothing can lead nothing. */
export function identityOf(text: string | undefined): RegistryIdentity {
  return text === undefined ? { url: '', isEligible: false, isLeader: false } : JSON.parse(text)
}

/** As user data of a SyncGroup: the same for every member. */
export function electedText(leader: string | null): string {
  return JSON.stringify({ leader })
}

/** The inverse; null where there is no leader. */
export function electedOf(text: string | undefined): string | null {
  return text === undefined ? null : JSON.parse(text).leader
}
