// Where a client's process that boots finds its brokers: its addresses, looked up as it does, and
// the proxy before them where there is one.

import { ANONYMOUS } from '../../faults/acl-rules.ts'
import type { ClientSpec } from '../../scenario/model.ts'
import { AddressBook } from '../../workload/address-book.ts'
import { throughProxy } from '../../workload/proxied-addresses.ts'
import type { ManagedClient } from './managed-client.ts'
import type { ClientSurroundings, Whereto } from './surroundings.ts'

/** The addresses of a process that boots, and the cluster that they lead to. */
export function whereTo(
  { seat, process }: ManagedClient,
  spec: ClientSpec,
  { world, endpoints, clusterOf }: ClientSurroundings,
): Whereto {
  const { region, access } = spec
  const from = endpoints.seenFrom(region)
  const as = access?.principal ?? ANONYMOUS
  const addresses = new AddressBook(seat.bootstrap, from, process, access?.dnsCache ?? 0, as)
  const { cluster, bootstrapNodes } = addresses
  const live = clusterOf(cluster ?? seat.cluster)
  const proxy = endpoints.proxyFor(seat.bootstrap, { ...spec, disk: live.spec.disk })
  const client = { process, network: world.network }
  const book = proxy === null ? addresses : throughProxy(addresses, proxy, client)
  return { book, bootstrapNodes, live }
}
