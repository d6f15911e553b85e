// All patterns, in the order in which a reader may want to learn them.

import { activeActive } from './patterns/active-active.ts'
import { activePassive } from './patterns/active-passive.ts'
import { chain } from './patterns/chain.ts'
import { fanIn } from './patterns/fan-in.ts'
import { fanOut } from './patterns/fan-out.ts'
import { globalWrite } from './patterns/global-write.ts'
import { hybrid } from './patterns/hybrid.ts'
import { partitioned } from './patterns/partitioned.ts'
import { readReplica } from './patterns/read-replica.ts'
import { stretch } from './patterns/stretch.ts'
import { stretch2Observers } from './patterns/stretch-2-observers.ts'
import type { Topology } from './topology.ts'

export const TOPOLOGIES: readonly Topology[] = [
  activePassive,
  activeActive,
  globalWrite,
  fanIn,
  fanOut,
  chain,
  readReplica,
  partitioned,
  stretch,
  stretch2Observers,
  hybrid,
]
