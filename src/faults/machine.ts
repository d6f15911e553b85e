// Stopping and starting machines: what the faults that lose one have in common.

import type { Host } from '../sim/host.ts'
import type { Process } from '../sim/process.ts'
import type { Heal, Stage } from './fault.ts'

/** What becomes of the bytes on the disks of a lost machine. */
export type DiskFate = 'kept' | 'unflushed-lost' | 'lost'

/** The running processes on some hosts, in the world's order. */
export function processesOn(stage: Stage, hosts: readonly Host[]): Process[] {
  return [...stage.world.processes.values()].filter(
    (process) => hosts.includes(process.host) && process.state !== 'stopped',
  )
}

/**
 * Hosts vanish: no reset, no answer. Healing brings them back up and starts what ran on them.
 */
export function loseHosts(stage: Stage, hosts: readonly Host[], fate: DiskFate): Heal | null {
  const lost = hosts.filter((host) => host.up)
  if (lost.length === 0) return null
  const stopped = processesOn(stage, lost)
  for (const host of lost) host.up = false
  for (const process of stopped) process.vanish()
  for (const host of lost) {
    if (fate === 'unflushed-lost') host.disk.powerLoss()
    if (fate === 'lost') host.disk.lose()
  }
  return () => {
    for (const host of lost) host.up = true
    startAll(stage, stopped)
  }
}

/** Starts those that are stopped; a process that something else started meanwhile is left alone. */
export function startAll(stage: Stage, processes: readonly Process[]): void {
  for (const process of processes) {
    if (process.state === 'stopped' && process.host.up) process.start(stage.startDelay(process))
  }
}
