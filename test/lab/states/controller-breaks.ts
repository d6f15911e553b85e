// One thing wrong with a controller of a living cluster.

import type { PartitionRegistration } from '../../../src/kafka/controller/partition-registration.ts'
import { type Break, set } from './break.ts'
import { found, type Living } from './living.ts'

function register(it: Living, wrong: Partial<PartitionRegistration>): void {
  const { partitions } = it.controller
  const { index } = it.partition(1)
  const known = it.controller.partition(index)
  partitions.set(index, { ...known, registration: { ...known.registration, ...wrong } })
}

function partitionsOf(it: Living): number[] {
  const image = found(it.node(1).loader, 'loader').image
  return found(image.topics.get('orders'), 'orders').partitions as number[]
}

export const CONTROLLER_BREAKS: readonly Break[] = [
  ['a topic has its partitions', 'controller-', (it) => it.controller.topics.set('orders', [])],
  [
    'a topic has no other partitions',
    'controller-',
    (it) => it.controller.topics.set('more', [99]),
  ],
  [
    'a partition has replicas',
    'controller-',
    (it) => register(it, { replicas: [], isr: [], leader: -1 }),
  ],
  ['each broker is named once', 'controller-', (it) => register(it, { isr: [1, 1] })],
  ['who is in sync is not only eligible', 'controller-', (it) => register(it, { elr: [2] })],
  ['a leader is in the ISR', 'controller-', (it) => register(it, { leader: 2, isr: [1, 3] })],
  ['an observer is a replica', 'controller-', (it) => register(it, { observers: [9] })],
  [
    'a replica that is added is assigned',
    'controller-',
    (it) => register(it, { addingReplicas: [9] }),
  ],
  [
    'a replica that is removed is assigned till then',
    'controller-',
    (it) => register(it, { removingReplicas: [9] }),
  ],
  ['a partition’s epochs begin at 0', 'controller-', (it) => register(it, { leaderEpoch: -1 })],
  [
    'a partition is found by the members of its ISR',
    'controller-',
    (it) => register(it, { isr: [1, 2, 3, 9], replicas: [1, 2, 3, 9] }),
  ],
  ['a partition is found by its leader', 'controller-', (it) => register(it, { leader: 2 })],
  ['who is in no ISR is found in none', 'controller-', (it) => register(it, { isr: [1, 2] })],
  [
    'a partition without its preferred leader is known',
    'controller-',
    (it) => register(it, { replicas: [2, 1, 3] }),
  ],
  [
    'the controller’s soft state follows the log',
    'controller-',
    (it) => it.controller.cluster.heartbeats.touch(1, true, 0),
  ],
  [
    'who has a session is registered',
    'controller-',
    (it) => it.controller.cluster.heartbeats.updateContactTime(9, 1, 1e12),
  ],
  [
    'who is not registered is not heard',
    'controller-',
    (it) => it.controller.cluster.heartbeats.register(9, true),
  ],
  [
    'a broker’s epoch is where its registration began',
    'controller-',
    (it) => set(found(it.controller.cluster.broker(1), 'broker'), 'epoch', 1e9),
  ],
  ['the partitions of a topic are in their order', 'broker-1', (it) => partitionsOf(it).reverse()],
  ['a topic’s partitions are known', 'broker-1', (it) => partitionsOf(it).push(99)],
  ['every partition is of a topic', 'broker-1', (it) => partitionsOf(it).pop()],
]
