// Claim: how long each plane was out, apart from the others.
//
// control  the longest time from a fault until the next active controller of a cluster took office.
//          The clock starts at the fault, not when the old one notices and resigns.
// data     the longest time from a fault until a partition that stopped could go on: a new leader
//          in office, or an in-sync set that commits again (detect + decide + elect of rto.ts).
//          Where nobody decided anything the partition was never out, only out of reach.
// clients  the longest recovery time that any client saw, producing or consuming.
// redundancy  from the first fault until every in-sync set is as large as it was before it.
// A null: still out when the load, or for redundancy the run, ended.

import type { History } from '../history.ts'
import { firstFaultAt } from './first-fault.ts'
import type { Planes, Rto, RtoOfPartition } from './judgement.ts'
import { registrationAt, registrationsOf } from './registrations.ts'

/**
 * Milliseconds. `produce` and `consume` are the recovery times that rto.ts found in the same
 * history.
 */
export function planesOf(history: History, produce: Rto, consume: Rto): Planes {
  return {
    controlMs: controlOutageMs(history),
    dataMs: worst(produce.byPartition.map(dataOutageMs)),
    clientsMs: worst([...produce.byClient, ...consume.byClient].map((client) => client.ms)),
    redundancyMs: redundancyMs(history),
  }
}

function controlOutageMs(history: History): number | null {
  const faultAt = firstFaultAt(history)
  if (faultAt === null) return 0
  return worst(history.clusters.map((cluster) => controlOutageOf(history, cluster, faultAt)))
}

function controlOutageOf(history: History, cluster: string, faultAt: number): number | null {
  let longest = 0
  let goneAt: number | null = null
  let active = -1
  for (const change of history.controllerChanges) {
    if (change.cluster !== cluster) continue
    const isNew = change.controller >= 0 && (change.controller !== active || goneAt !== null)
    if (change.at >= faultAt && isNew) {
      const from = lastFaultBefore(history, goneAt ?? change.at) ?? faultAt
      longest = Math.max(longest, change.at - from)
    }
    goneAt = change.controller >= 0 ? null : (goneAt ?? change.at)
    active = change.controller >= 0 ? change.controller : active
  }
  return goneAt !== null ? null : longest / 1_000
}

function lastFaultBefore(history: History, at: number): number | null {
  let last: number | null = null
  for (const fault of history.faults) {
    if (fault.from <= at && (last === null || fault.from > last)) last = fault.from
  }
  return last
}

function dataOutageMs(rto: RtoOfPartition): number | null {
  if (rto.ms === null) return null
  if (rto.detectMs === null || rto.electMs === null) return 0
  return rto.detectMs + (rto.decideMs ?? 0) + rto.electMs
}

/** The largest; null counts as endless. */
function worst(times: readonly (number | null)[]): number | null {
  return times.reduce((max, ms) => (max === null || ms === null ? null : Math.max(max, ms)), 0)
}

function redundancyMs(history: History): number | null {
  const faultAt = firstFaultAt(history)
  if (faultAt === null) return 0
  let wholeAt = faultAt
  for (const list of registrationsOf(history)) {
    const size = registrationAt(list, faultAt)?.isr.length ?? 0
    const small = list.findLast((r) => r.until > faultAt && r.isr.length < size)
    if (small === undefined) continue
    if (small === list[list.length - 1]) return null
    wholeAt = Math.max(wholeAt, small.until)
  }
  return (wholeAt - faultAt) / 1_000
}
