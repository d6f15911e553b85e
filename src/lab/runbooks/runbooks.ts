// The runbooks of a run: what sets each off, and what the history says of its steps.

import type { Detection, RunbookSpec } from '../../runbook/model.ts'
import { RunbookRunner } from '../../runbook/runner.ts'
import { processAt } from '../geography.ts'
import { HealthProbe } from './health-probe.ts'
import { LabRunbookPort } from './port.ts'
import { RunbookRecorder } from './recorder.ts'
import type { RunbookSurroundings } from './surroundings.ts'

/**
 * Each runbook runs once. A probe is a process of its own in its zone; a monitor of mirrors looks
 * at what controllers have, without a network.
 */
export class Runbooks {
  readonly #around: RunbookSurroundings

  constructor(around: RunbookSurroundings) {
    this.#around = around
  }

  /** Puts them on watch; their moments count from now. */
  start(specs: readonly RunbookSpec[]): void {
    for (const spec of specs) this.#start(spec)
  }

  #start(spec: RunbookSpec): void {
    const { history, causes, clock } = this.#around
    const record = new RunbookRecorder(spec.name, history, causes, clock)
    const port = new LabRunbookPort(spec.name, this.#around, record)
    const runner = new RunbookRunner(spec, port, record)
    const { detect } = spec
    switch (detect.kind) {
      case 'planned':
        port.later(port.draw(detect.at), () => {
          record.planned()
          runner.alarm()
        })
        return
      case 'probe': {
        const onAlarm = (failures: number): void => {
          record.alarm(`${detect.cluster} failed ${failures} health checks in a row`)
          runner.alarm()
        }
        this.#probe(spec.name, detect, onAlarm)
        return
      }
      case 'mirror':
        this.#watchMirrors(detect, port, (topic) => {
          record.alarm(`mirror ${topic} of ${detect.link} is ${detect.state}`)
          runner.alarm()
        })
        return
    }
  }

  #probe(
    name: string,
    detect: Extract<Detection, { readonly kind: 'probe' }>,
    onAlarm: (failures: number) => void,
  ): void {
    const { world, clusters } = this.#around
    const live = clusters.find((one) => one.name === detect.cluster)
    if (live === undefined) return
    const at = { name: `probe-${name}`, host: `probe-${name}`, zone: detect.zone }
    const process = processAt(world, at, live.spec.disk)
    process.onBoot = () => {
      new HealthProbe(process, world.network, detect, live, onAlarm)
    }
    process.start()
  }

  #watchMirrors(
    { link, state, every }: Extract<Detection, { readonly kind: 'mirror' }>,
    port: LabRunbookPort,
    onAlarm: (topic: string) => void,
  ): void {
    const look = (): void => {
      const topic = this.#around.linkOperator.mirrorIn(link, state)
      if (topic === null) port.later(every, look)
      else onAlarm(topic)
    }
    port.later(port.draw([0, every]), look)
  }
}
