// Models: what a ZooKeeper client and its server say to each other, as far as uReplicator needs it.
// Leaves out: versions of nodes, sequential nodes, ACLs, one-time watches and their renewal.
// Source: org.apache.zookeeper.proto; ClientCnxn, FinalRequestProcessor.

/** Identifies a session for as long as the server keeps it. */
export type SessionId = number

/** What is asked of the tree. Every operation may be sent twice without harm. */
export type ZooKeeperOperation =
  | { readonly kind: 'create'; readonly path: string; readonly data: string }
  /** Goes with its session. */
  | { readonly kind: 'create-ephemeral'; readonly path: string; readonly data: string }
  | { readonly kind: 'set'; readonly path: string; readonly data: string }
  | { readonly kind: 'delete'; readonly path: string }
  /** All nodes whose path begins so. */
  | { readonly kind: 'read'; readonly prefix: string }

/** `isDone`: it was created; nodes: what a read has found, by path. */
export interface ZooKeeperAnswer {
  readonly isDone: boolean
  readonly nodes: ReadonlyMap<string, string>
}

type Request =
  | { readonly kind: 'connect'; readonly session: SessionId | null; readonly timeoutMs: number }
  | { readonly kind: 'ping' }
  | { readonly kind: 'watch'; readonly prefix: string }
  | { readonly kind: 'close' }
  | { readonly kind: 'ask'; readonly xid: number; readonly operation: ZooKeeperOperation }

type Reply =
  | { readonly kind: 'connected'; readonly session: SessionId }
  | { readonly kind: 'expired' }
  | { readonly kind: 'pong' }
  | { readonly kind: 'answer'; readonly xid: number; readonly answer: ZooKeeperAnswer }
  | { readonly kind: 'changed'; readonly prefix: string }

/** Only paths and data count as bytes. */
export class ZooKeeperRequest {
  readonly body: Request

  constructor(body: Request) {
    this.body = body
  }

  /** Beside the frame that every message has. */
  get bytes(): number {
    if (this.body.kind !== 'ask') return 0
    const { operation } = this.body
    if (operation.kind === 'read') return operation.prefix.length
    return operation.path.length + ('data' in operation ? operation.data.length : 0)
  }
}

/** Only paths and data of the nodes that were read count as bytes. */
export class ZooKeeperReply {
  readonly body: Reply

  constructor(body: Reply) {
    this.body = body
  }

  /** Beside the frame that every message has. */
  get bytes(): number {
    if (this.body.kind !== 'answer') return 0
    let sum = 0
    for (const [path, data] of this.body.answer.nodes) sum += path.length + data.length
    return sum
  }
}
