// The addresses of a client that reaches them by way of a proxy. It looks them up as ever: whom a
// name or a balancer means is decided when the connection is opened.

import type { NodeId } from '../kafka/ids.ts'
import type { NodeDirectory } from '../kafka/network/client-channel.ts'
import type { SocketHandler } from '../sim/connection.ts'
import type { Network } from '../sim/network.ts'
import type { Process } from '../sim/process.ts'
import { connectThrough } from './proxy.ts'

/**
 * Connections come as the client's own principal, which the proxy hands on; one to an address
 * behind which there is no process is null, as without a proxy.
 */
export function throughProxy(
  addresses: NodeDirectory,
  proxy: Process,
  client: { readonly process: Process; readonly network: Network },
): NodeDirectory {
  const { principal } = addresses
  return {
    principal,
    processOf: (node: NodeId) => addresses.processOf(node),
    connected: (node: NodeId) => addresses.connected?.(node),
    open(node: NodeId, handler: SocketHandler) {
      const server = addresses.processOf(node)
      return server === null
        ? null
        : connectThrough(proxy, { ...client, principal }, server, handler)
    },
  }
}
