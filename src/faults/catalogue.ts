// The list of all faults. A new one is a file and a line here.

import type { z } from 'zod'
import { keysOf } from '../sim/closed-table.ts'
import { createAcls, deleteAcls } from './access-control.ts'
import { controlledShutdown } from './controlled-shutdown.ts'
import { crash } from './crash.ts'
import { diskLoss, slowDisk } from './disk.ts'
import type { Heal, Stage } from './fault.ts'
import { firewall } from './firewall.ts'
import { flapping } from './flapping.ts'
import { gatewayLoss } from './gateway-loss.ts'
import { isolate } from './isolate.ts'
import { hostLoss, regionLoss, zoneLoss } from './loss.ts'
import {
  linkPause,
  linkResume,
  mirrorFailover,
  mirrorPause,
  mirrorPromote,
  mirrorResume,
  mirrorReverse,
  mirrorStart,
  mirrorStop,
  mirrorTruncateAndRestore,
} from './mirror-commands.ts'
import {
  addPartitions,
  alterConfig,
  createTopic,
  deleteTopic,
  electLeaders,
  reassign,
  unregisterBroker,
} from './operator-actions.ts'
import { partition } from './partition.ts'
import { pause } from './pause.ts'
import { restart, start } from './restart.ts'
import { rollingRestart } from './rolling-restart.ts'
import { slowLink } from './slow-link.ts'

export const FAULTS = {
  crash,
  'controlled-shutdown': controlledShutdown,
  restart,
  start,
  'rolling-restart': rollingRestart,
  pause,
  'host-loss': hostLoss,
  'zone-loss': zoneLoss,
  'region-loss': regionLoss,
  isolate,
  partition,
  firewall,
  flapping,
  'slow-link': slowLink,
  'gateway-loss': gatewayLoss,
  'slow-disk': slowDisk,
  'disk-loss': diskLoss,
  'elect-leaders': electLeaders,
  reassign,
  'alter-config': alterConfig,
  'unregister-broker': unregisterBroker,
  'delete-topic': deleteTopic,
  'create-topic': createTopic,
  'add-partitions': addPartitions,
  'create-acls': createAcls,
  'delete-acls': deleteAcls,
  'mirror-pause': mirrorPause,
  'mirror-resume': mirrorResume,
  'mirror-promote': mirrorPromote,
  'mirror-failover': mirrorFailover,
  'mirror-reverse': mirrorReverse,
  'mirror-truncate-and-restore': mirrorTruncateAndRestore,
  'mirror-start': mirrorStart,
  'mirror-stop': mirrorStop,
  'link-pause': linkPause,
  'link-resume': linkResume,
} as const

export type FaultKindName = keyof typeof FAULTS
/** Kinds that concern a link between clusters. */
export type LinkFaultName = Extract<FaultKindName, `mirror-${string}` | `link-${string}`>
/** Kinds that only a cluster with an authorizer obeys. */
export type AclOrderName = Extract<FaultKindName, `${string}-acls`>
export const FAULT_KINDS: readonly FaultKindName[] = keysOf(FAULTS)

type FaultParams = { readonly [K in FaultKindName]: z.output<(typeof FAULTS)[K]['schema']> }

/** A fault with its parameters, as its schema read them. */
export type FaultSpec<N extends FaultKindName = FaultKindName> = {
  [K in N]: { readonly kind: K; readonly params: FaultParams[K] }
}[N]

type Injections = {
  readonly [K in FaultKindName]: { inject(stage: Stage, params: FaultParams[K]): Heal | null }
}
const INJECTIONS: Injections = FAULTS

/** Strikes. Returns how to heal it, or null where nothing is left to heal. */
export function injectFault<N extends FaultKindName>(
  stage: Stage,
  fault: FaultSpec<N>,
): Heal | null {
  return INJECTIONS[fault.kind].inject(stage, fault.params)
}

/** What an operator orders: entries of a timetable that are no faults. */
export const COMMANDS = [
  'elect-leaders',
  'reassign',
  'alter-config',
  'unregister-broker',
  'delete-topic',
  'create-topic',
  'add-partitions',
  'create-acls',
  'delete-acls',
  'mirror-pause',
  'mirror-resume',
  'mirror-promote',
  'mirror-failover',
  'mirror-reverse',
  'mirror-truncate-and-restore',
  'mirror-start',
  'mirror-stop',
  'link-resume',
] as const satisfies readonly FaultKindName[]

/** The kinds that heal nothing: `for` says nothing about them. */
export const KINDS_WITHOUT_HEAL: readonly FaultKindName[] = [
  'restart',
  'start',
  'rolling-restart',
  ...COMMANDS,
]
