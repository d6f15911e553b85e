// Models: nothing by itself: what the checkpoint connector and its tasks only log, is heard here.
// Leaves out: log lines after which all goes on as before.
// Source: log lines of MirrorCheckpointTask, CheckpointStore, Scheduler.

/** Hears why groups are not translated any more, or not as well as they might be. */
export interface TranslationObserver {
  onCheckpointsUnread(reason: string): void
  onSyncsUnread(reason: string): void
  /** Not all brokers of the source have listed their groups: the others count as gone. */
  onGroupsUnlisted(reason: string): void
}
