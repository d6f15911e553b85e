// Models: what differs between releases of MirrorMaker 2, as named guards.
// Leaves out: changes outside of offset translation and topic names.
// Source: history of OffsetSyncStore, OffsetSyncWriter, MirrorSourceTask and ReplicationPolicy;
// the JIRA at each guard.

import { type GuardRule, guardsOf, type KafkaVersion } from '../../kafka/version.ts'
import { keysOf } from '../../sim/closed-table.ts'

/** Guards of MirrorMaker's own release, whatever the brokers at either end run. */
export const MM2_GUARD_RULES = {
  checkpointsOffsetZero: {
    since: '2.7',
    until: null,
    doc: 'A group at the first record gets a checkpoint too; off, it is treated as unknown.',
    source: 'KAFKA-10048',
  },
  noCheckpointWithoutSync: {
    since: '3.3',
    until: null,
    doc: 'A partition without a sync gets no answer; off, its offsets are copied as they are.',
    source: 'KAFKA-12635',
  },
  translationStopsAfterSync: {
    since: '3.4.1',
    until: null,
    doc: 'An offset past a sync translates to one past it; off, as far past it as upstream.',
    source: 'KAFKA-12468',
  },
  syncHistory: {
    since: '3.4.1',
    until: null,
    doc: 'Up to 64 syncs of a partition are kept for groups that lag; off, only the newest.',
    source: 'KAFKA-14666',
  },
  waitsForSyncs: {
    since: '3.4.1',
    until: null,
    doc: 'Nothing is translated before the syncs topic has been read once to its end.',
    source: 'KAFKA-13659',
  },
  monotonicCheckpoints: {
    since: '3.4.1',
    until: null,
    doc: 'A checkpoint goes back only where its group did; off, each round emits all anew.',
    source: 'KAFKA-14666',
  },
  queuesSyncs: {
    since: '3.4.1',
    until: null,
    doc: 'A sync over the limit of unacknowledged ones waits its turn; off, it is dropped.',
    source: 'KAFKA-14610',
  },
  syncsByTranslationLag: {
    since: '3.4.1',
    until: null,
    doc: 'A sync is due when translation would lag too far; off, when offsets drift apart so far.',
    source: 'KAFKA-14797',
  },
  promotesEveryOldSync: {
    since: '3.5.2',
    until: null,
    doc: 'Each kept sync may fill an older slot; off, only the one just pushed out may.',
    source: 'KAFKA-15202',
  },
  delayedSyncs: {
    since: '3.7',
    until: null,
    doc: 'What no sync was due for goes out with the next offset commit of the task.',
    source: 'KAFKA-15906',
  },
  keepsSyncsOverRestart: {
    since: '3.7.1',
    until: null,
    doc: 'A task that could read its checkpoints back loads all syncs; off, only the newest.',
    source: 'KAFKA-15905',
  },
  separatorInInternalNames: {
    since: '3.1',
    until: null,
    doc: 'A separator of one’s own also shapes the names of internal topics.',
    source: 'KIP-690; since 3.6 by internal.topic.separator.enabled, KIP-949',
  },
  asksGroupsAtOnce: {
    since: '4.0',
    until: null,
    doc: 'What groups have committed is asked of each coordinator once; off, group by group.',
    source: 'KAFKA-17233',
  },
  replicatesUserInternals: {
    since: '4.0',
    until: null,
    doc: 'Of the topics named internal only those of MirrorMaker itself are left alone.',
    source: 'KIP-1074',
  },
} as const satisfies Record<string, GuardRule>

export type Mm2GuardName = keyof typeof MM2_GUARD_RULES
export type Mm2Guards = Readonly<Record<Mm2GuardName, boolean>>

export const MM2_GUARD_NAMES: readonly Mm2GuardName[] = keysOf(MM2_GUARD_RULES)

/** The guards of a release of MirrorMaker, each overridden by name. */
export function mm2GuardsFor(
  version: KafkaVersion,
  overrides: Partial<Record<Mm2GuardName, boolean>> = {},
): Mm2Guards {
  return guardsOf(MM2_GUARD_RULES, version, overrides)
}
