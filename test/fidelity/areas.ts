// The parts of Kafka as an architect names them, with what a run can and cannot show of each. The
// oracles behind a part are found in the code by fidelity/oracles.ts.

export interface Area {
  readonly name: string
  /** Paths of its files, or of the folders that hold them. */
  readonly paths: readonly string[]
  readonly modelled: string
  readonly leftOut: string
  /** Experiments on real brokers that measure it, by name. */
  readonly measured: readonly string[]
}

export const AREAS: readonly Area[] = [
  {
    name: 'Logs',
    paths: ['src/kafka/log/'],
    modelled:
      'batches with offsets and leader epochs, high watermark, truncation, segments and ' +
      'retention, producer state, what a crash or a power loss leaves',
    leftOut: 'compaction, tiered storage, transactions',
    measured: [],
  },
  {
    name: 'Leaders, followers, ISR',
    paths: ['src/kafka/partition/'],
    modelled:
      'fetches with divergence and fencing, high watermark, expansion and shrinking of the ISR, ' +
      'acks=all waits, reads from followers, observers',
    leftOut: 'replication quotas',
    measured: ['follower-cut-lag10', 'follower-cut-short', 'latency-a'],
  },
  {
    name: 'Brokers',
    paths: ['src/kafka/broker/', 'src/kafka/broker-role.ts', 'src/kafka/node.ts'],
    modelled:
      'registration, heartbeats, controlled shutdown, fetcher threads, request handling, ' +
      'restart with log recovery',
    leftOut: 'several log directories, client quotas, security',
    measured: [
      'controlled-shutdown',
      'controlled-shutdown-again',
      'restart-in-session',
      'catch-up',
    ],
  },
  {
    name: 'Controller',
    paths: ['src/kafka/controller/'],
    modelled:
      'sessions and fencing, leader elections clean and unclean, ELR, reassignment, preferred ' +
      'leaders, placement, configuration',
    leftOut: 'ZooKeeper mode, ACLs, quotas, features',
    measured: ['leader-kill', 'leader-blackhole-rt5', 'preferred-return', 'unclean'],
  },
  {
    name: 'Quorum and metadata',
    paths: ['src/kafka/raft/', 'src/kafka/metadata/'],
    modelled:
      'KRaft as Kafka runs it: votes and pre-votes, fetches, check quorum, resignation, ' +
      'observers, one metadata image a broker',
    leftOut: 'changes of the voter set (KIP-853), snapshots',
    measured: ['controller-kill', 'controller-kill-5', 'two-dc-dead-all', 'two-dc-survivor-acks1'],
  },
  {
    name: 'Producers and consumers',
    paths: ['src/kafka/clients/'],
    modelled:
      'batching, in-flight limit, idempotence, retries and time-outs, metadata refresh and ' +
      're-bootstrap, fetch sessions, position validation, closest replica',
    leftOut: 'transactions, share groups, contents of records',
    measured: [
      'leader-kill',
      'isolated-leader-all',
      'isolated-leader-all-again',
      'latency-a',
      'throughput',
      'two-producers',
    ],
  },
  {
    name: 'Groups',
    paths: ['src/kafka/groups/'],
    modelled:
      'the classic protocol and KIP-848, the coordinator and its log on __consumer_offsets, ' +
      'committed offsets, all of Kafka’s assignors',
    leftOut: 'share and streams groups, upgrades between protocols, assignors of one’s own',
    measured: ['coordinator'],
  },
  {
    name: 'Connections',
    paths: ['src/kafka/network/'],
    modelled:
      'one request at a time a connection on the broker, connection set-up and back-off, ' +
      'request time-outs, message sizes',
    leftOut: 'TLS and SASL, DNS',
    measured: ['latency-a', 'loss', 'throughput'],
  },
  {
    name: 'Releases and settings',
    paths: ['src/kafka/version.ts', 'src/kafka/settings/'],
    modelled:
      'what differs between Kafka 2.0 and 4.3 as guards that a scenario may switch by name; ' +
      'settings under Kafka’s names',
    leftOut: 'a setting without an effect is named in the result as not modelled',
    measured: [],
  },
  {
    name: 'Replication between clusters',
    paths: ['src/mirror/', 'src/registry/'],
    modelled:
      'MirrorMaker 1 and 2, Cluster Linking and KIP-1279, Replicator, uReplicator, Mirus, Flink, ' +
      'Brooklin and transforms on Connect: as far as the files below say, from sources and docs; ' +
      'measured is MirrorMaker 2 alone; Confluent’s schema registry, from its source',
    leftOut:
      'as the files below say; MSK Replicator, Redpanda’s shadow links and remote read replicas, ' +
      'WarpStream’s Orbit; of a registry compatibility, contexts and schema linking; ' +
      'the mirror state LINK_FAILED, of which Confluent’s API has the name and no page the cause',
    measured: ['mm2-failover', 'mm2-kill', 'mm2-latency-a', 'mm2-translation'],
  },
  {
    name: 'The world below',
    paths: ['src/sim/'],
    modelled:
      'clocks, regions and links with delay, jitter, bandwidth and loss, TCP as a flow with its ' +
      'windows and retransmissions, black holes, disks with page cache and fsync, crashes and ' +
      'pauses; KubeSlice’s overlay as its sources have it: gateways on nodes that fail, routing ' +
      'by addresses over parallel tunnels, the time until a router leaves a dead one, wrapping ' +
      'and MTU, a cap shared by all that leaves a node',
    leftOut:
      'packets one by one, CPU contention beyond fixed service times, garbage collection; of an ' +
      'overlay its control plane, key rotation, bursts above the cap, TCP as transport, the ' +
      'resets of connections that wireguard gateways translate, policies inside a Kubernetes ' +
      'cluster; delay and speed of its gateways are estimates, and nothing of it was measured',
    measured: ['latency-a', 'leader-blackhole-rt5', 'loss', 'throughput'],
  },
]
