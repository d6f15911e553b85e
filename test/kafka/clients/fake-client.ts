import type { NodeId } from '../../../src/kafka/ids.ts'
import type { Request } from '../../../src/kafka/messages.ts'
import type { KafkaClient } from '../../../src/kafka/network/client-channel.ts'
import type { RpcCaller } from '../../../src/kafka/network/rpc.ts'

export type Link = 'ready' | 'full' | 'connecting' | 'backing-off' | 'new'

/** A network client whose connections are what the test says. */
export class FakeClient implements KafkaClient {
  now = 0
  listener = null
  readonly links = new Map<NodeId, Link>()
  readonly inFlight = new Map<NodeId, number>()
  readonly attempts = new Map<NodeId, number>()
  readonly sent: { node: NodeId; request: Request; caller: RpcCaller }[] = []
  /** Ends of back-offs. */
  readonly retries = new Map<NodeId, number>()
  readonly connected: NodeId[] = []
  readonly disconnected: NodeId[] = []

  linkOf(node: NodeId): Link {
    return this.links.get(node) ?? 'new'
  }
  send(node: NodeId, request: Request, _timeoutMs: number, caller: RpcCaller): void {
    this.sent.push({ node, request, caller })
  }
  disconnect(node: NodeId): void {
    this.disconnected.push(node)
  }
  ready(node: NodeId): boolean {
    this.connected.push(node)
    return this.canSend(node)
  }
  canSend(node: NodeId): boolean {
    return this.linkOf(node) === 'ready'
  }
  isReady(node: NodeId): boolean {
    return this.canSend(node) || this.linkOf(node) === 'full'
  }
  isPreparing(node: NodeId): boolean {
    return this.linkOf(node) === 'connecting'
  }
  canConnect(node: NodeId): boolean {
    return this.linkOf(node) === 'new'
  }
  inFlightCount(node: NodeId): number {
    return this.inFlight.get(node) ?? 0
  }
  anyConnecting(): boolean {
    return [...this.links.values()].includes('connecting')
  }
  lastConnectAttempt(node: NodeId): number {
    return this.attempts.get(node) ?? -1
  }
  retryAt(node: NodeId): number | null {
    return this.retries.get(node) ?? null
  }

  closeOverdue(): void {}
}
