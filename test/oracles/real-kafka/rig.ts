// One simulated cluster on which the runs of an experiment follow one another.

import { topicDefaults } from '../../../src/kafka/settings/resolve.ts'
import { Simulation } from '../../../src/lab/simulation.ts'
import type { ConsumerSpec, ProducerSpec, Scenario } from '../../../src/scenario/model.ts'
import type { Process } from '../../../src/sim/process.ts'
import { type Micros, MS, SECOND } from '../../../src/sim/time.ts'
import { settingsOrRefuse } from './case-settings.ts'
import { ExperimentError, type Settings } from './experiment-parts.ts'
import { producerConfigDefaults } from './producer-spec.ts'

const PATIENCE: Micros = 600 * SECOND
const STEP: Micros = 50 * MS
const ATTEMPTS_MAX = 200
const MOVES_MAX = 40

/** A simulation with the verbs that an experimenter has. */
export class Rig {
  readonly simulation: Simulation

  /**
   * Boots a cluster; with `controller`, one whose first election was won by that voter: who has a
   * connection to whom depends on who stood first, so another winner is another experiment.
   */
  constructor(scenario: Scenario, seed: number | string, controller?: number) {
    for (let attempt = 0; ; attempt++) {
      this.simulation = new Simulation(scenario, `${seed}/${attempt}`)
      this.simulation.boot()
      const { activeControllerId } = this.simulation.cluster
      if (controller === undefined || activeControllerId === controller) return
      if (attempt > ATTEMPTS_MAX) throw new ExperimentError(`controller ${controller} never wins`)
    }
  }

  get now(): Micros {
    return this.simulation.now
  }

  run(until: Micros): void {
    this.simulation.advance(until)
  }

  wait(what: string, isDone: () => boolean, patience = PATIENCE): void {
    const isInTime = this.simulation.advanceUntil(isDone, STEP, this.now + patience)
    if (!isInTime) throw new ExperimentError(`waited in vain for ${what}`)
  }

  /** Creates a topic and waits until every broker knows it. Returns its partition indices. */
  createTopic(name: string, replicas: readonly (readonly number[])[], config: Settings): number[] {
    const { cluster, scenario } = this.simulation
    let isCreated = false
    const base = topicDefaults(scenario.clusters[0].config)
    settingsOrRefuse('topic', scenario.version, config, scenario.name)
    this.simulation.createTopic(
      {
        name,
        cluster: scenario.clusters[0].name,
        partitions: replicas.length,
        replicationFactor: replicas[0].length,
        assignment: replicas.map((list) => ({ replicas: list, observers: [] })),
        observerPromotionPolicy: 'none',
        config: { ...base, ...config } as typeof base,
      },
      () => {
        isCreated = true
      },
    )
    const size = cluster.topics.size
    const isKnown = () =>
      cluster.brokerIds.every((id) => cluster.nodes.get(id)?.loader?.image.partitions.size === size)
    this.wait(`topic ${name}`, () => isCreated && isKnown())
    return cluster.topics.partitionsOf(name)
  }

  addProducer(spec: Omit<ProducerSpec, 'config' | 'cluster'>, config: Settings): void {
    const { version, clusters } = this.simulation.scenario
    this.simulation.clients.addProducer({
      ...spec,
      cluster: clusters[0].name,
      config: producerConfigDefaults(version, config),
    })
  }

  addConsumer(spec: Omit<ConsumerSpec, 'config' | 'cluster'>, config: Settings): Process {
    const { version, clusters } = this.simulation.scenario
    return this.simulation.clients.addConsumer({
      ...spec,
      cluster: clusters[0].name,
      config: settingsOrRefuse('consumer', version, config, spec.name),
    })
  }

  /** The ISR of every partition is its replica list, and every broker is unfenced. */
  isWhole(): boolean {
    const { cluster } = this.simulation
    const control = cluster.activeController?.control
    if (control === undefined) return false
    const { partitions, cluster: brokers } = control.state
    const unfenced = cluster.brokerIds.every((id) => brokers.broker(id)?.fenced === false)
    if (!unfenced) return false
    for (const { registration } of partitions.values()) {
      if (registration.isr.length < registration.replicas.length) return false
    }
    return true
  }

  /**
   * Makes `target` the active controller: the active one resigns until it is elected. Of five
   * voters the first to stand finds only one that grants its pre-vote, the one that resigned; the
   * second finds the first as well. So `target` is asked first, and then second.
   */
  moveController(target: number): void {
    const { cluster } = this.simulation
    for (let attempt = 0; cluster.activeControllerId !== target; attempt++) {
      if (attempt > MOVES_MAX) throw new ExperimentError(`controller ${target} is never elected`)
      const { activeControllerId } = cluster
      const raft = cluster.nodes.get(activeControllerId)?.raft
      const other = raft?.node.config.voters.find(
        (id) => id !== activeControllerId && id !== target,
      )
      const first = attempt % 2 === 0 || other === undefined ? [target] : [other, target]
      raft?.resign(raft.node.epoch, first)
      this.run(this.now + 4 * SECOND)
      this.wait('an active controller', () => cluster.activeControllerId >= 0)
    }
  }
}
