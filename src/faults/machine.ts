// Stopping and starting machines: what the faults that lose one have in common.

import type { Host } from '../sim/host.ts'
import type { Process } from '../sim/process.ts'
import type { Heal, Stage } from './fault.ts'

/** What becomes of the bytes on the disks of a lost machine. */
export type DiskFate = 'kept' | 'unflushed-lost' | 'lost'

/**
 * Hosts vanish: no reset, no answer. Healing brings them back up and starts their processes, each
 * unless another fault still keeps it down.
 */
export function loseHosts(stage: Stage, hosts: readonly Host[], fate: DiskFate): Heal | null {
  if (hosts.length === 0) return null
  const processes = stage.world.processesOn(hosts)
  const powerBack = stage.downHosts.take(hosts)
  const letRun = stage.downProcesses.take(processes)
  for (const host of hosts) {
    if (host.up) goDark(host, fate)
    else if (fate === 'lost') host.disk.lose()
  }
  return () => {
    for (const host of powerBack()) host.powerOn()
    startAll(stage, letRun())
  }
}

function goDark(host: Host, fate: DiskFate): void {
  if (fate === 'unflushed-lost') {
    host.powerLoss()
    return
  }
  host.vanish()
  if (fate === 'lost') host.disk.lose()
}

/** Processes end by kill -9; healing starts those that nothing else keeps down. */
export function killProcesses(stage: Stage, processes: readonly Process[]): Heal | null {
  if (processes.length === 0) return null
  const letRun = stage.downProcesses.take(processes)
  for (const process of processes) process.crash()
  return () => startAll(stage, letRun())
}

/** Starts those that are stopped and have power. */
export function startAll(stage: Stage, processes: readonly Process[]): void {
  for (const process of processes) {
    if (process.state === 'stopped' && process.host.up) process.start(stage.startDelay(process))
  }
}
