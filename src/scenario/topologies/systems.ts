// The systems that can carry a link of a pattern.

import { brooklin } from './brooklin-system.ts'
import { clusterLink } from './cluster-link-system.ts'
import { clusterMirror } from './cluster-mirror-system.ts'
import { connect } from './connect-system.ts'
import { flink } from './flink-system.ts'
import { mirrorMaker1 } from './mirror-maker1-system.ts'
import { mirrorMaker2 } from './mirror-maker2-system.ts'
import { mirus } from './mirus-system.ts'
import { replicator } from './replicator-system.ts'
import type { LinkSystem } from './topology.ts'
import { ureplicator } from './ureplicator-system.ts'

export const LINK_SYSTEMS: readonly LinkSystem[] = [
  mirrorMaker2,
  clusterLink,
  clusterMirror,
  mirus,
  mirrorMaker1,
  replicator,
  brooklin,
  connect,
  ureplicator,
  flink,
]
