// Models: which mirrors of a link go on with their sources: what a job does for a mirror it does
// for these.
// Leaves out: nothing.
// Source: Confluent's docs (states of a mirror topic; cluster.link.paused).

import type { MirrorHost } from '../../kafka/broker/mirror-port.ts'
import { isMoving, type MirrorTopic } from '../../kafka/metadata/mirror-records.ts'

/** As this broker has heard of them now; none of a link that is paused. */
export function movingMirrors(host: MirrorHost, link: string): MirrorTopic[] {
  if (host.isPaused(link)) return []
  return [...host.mirrors()].filter((mirror) => mirror.link === link && isMoving(mirror))
}
