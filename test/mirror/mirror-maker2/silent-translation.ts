import type { TranslationObserver } from '../../../src/mirror/mirror-maker2/translation-observer.ts'

/** Hears nothing. */
export const SILENT_TRANSLATION: TranslationObserver = {
  onCheckpointsUnread: () => {},
  onSyncsUnread: () => {},
  onGroupsUnlisted: () => {},
}
