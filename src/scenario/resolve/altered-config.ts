// What an operator sets while the cluster runs: whose it is, and whether a running broker takes it.

import { changeAtRunTime } from '../../kafka/settings/dynamic.ts'
import { defaultSettings } from '../../kafka/settings/resolve.ts'
import type { Path } from '../problem.ts'
import type { Findings } from './findings.ts'
import { checkOrdersPlace } from './order-place.ts'
import { checkedSettings, type Release } from './release.ts'

interface Order {
  readonly topic?: string | undefined
  readonly broker?: number | undefined
  readonly cluster?: string | undefined
  readonly set: Readonly<Record<string, unknown>>
}

interface Around {
  readonly release: Release
  readonly names: Readonly<Record<string, readonly string[]>>
}

/** Values are checked like those that the file sets at first. */
export function checkAlteredConfig(
  path: Path,
  order: Order,
  { release, names }: Around,
  findings: Findings,
): void {
  const { topic, broker, cluster } = order
  checkOrdersPlace(path, { topic, broker, cluster }, names.cluster ?? [], findings)
  const component = order.topic === undefined ? 'broker' : 'topic'
  const user = Object.fromEntries(Object.entries(order.set).filter(([, value]) => value !== null))
  const base = defaultSettings(component, release.version)
  checkedSettings(component, [...path, 'set'], user, base, release, findings)
  if (component === 'broker') {
    for (const name of Object.keys(order.set)) checkRunTime([...path, 'set', name], name, findings)
    checkMinIsr(path, order, release, findings)
  }
}

function checkRunTime(path: Path, name: string, findings: Findings): void {
  const change = changeAtRunTime(name)
  if (change === 'refused') {
    const fix =
      name === 'log.retention.hours'
        ? 'set log.retention.ms'
        : 'set it under config of the cluster or of the broker, from the start'
    findings.error(path, `Kafka refuses to change ${name} while a broker runs`, fix)
  } else if (change === 'kept') {
    findings.note(path, `${name} stays as it was: here a broker reads it when it starts`)
  }
}

/** Kafka refuses it, and the run goes on: the timeline says so. */
function checkMinIsr(path: Path, order: Order, { guards }: Release, findings: Findings): void {
  const name = 'min.insync.replicas'
  if (!guards.elr || !(name in order.set)) return
  if (order.broker !== undefined) {
    findings.note(
      path,
      `refused: with eligible leader replicas (KIP-966) no broker has its own ${name}`,
    )
  } else if (order.set[name] === null) {
    findings.note(
      path,
      `refused: with eligible leader replicas (KIP-966) the cluster keeps its ${name}`,
    )
  }
}
