import { describe, expect, it } from 'vitest'
import type { QuorumDescription, TopicDescription } from '../../src/contract.ts'
import {
  describeQuorumReplication,
  describeQuorumStatus,
} from '../../src/report/describe-quorum.ts'
import { describeTopics } from '../../src/report/describe-topic.ts'

// What the tools of Kafka 4.1.0 printed on a real cluster of three brokers and three controllers.

type Row = readonly [leader: number, replicas: number[], isr: number[], elr?: number[]]

function topic(name: string, topicId: string, minIsr: number, rows: Row[]): TopicDescription {
  return {
    ...{ name, topicId, replicationFactor: rows[0]?.[1].length ?? 0 },
    configs: [['min.insync.replicas', String(minIsr)]],
    partitions: rows.map(([leader, replicas, isr, elr = []], number) => ({
      ...{ number, leader, replicas, isr, elr, lastKnownElr: [], observers: null, minIsr },
    })),
  }
}

const orders = topic('orders', '4zM4SIrIRg6AQ_cTG7jhjg', 2, [
  [2, [2, 3, 1], [2], [3]],
  [2, [3, 1, 2], [2, 3]],
  [-1, [1, 2, 3], [1, 2, 3]],
])
const audit = topic('audit', 'AXVZ13avTk6Xf2JkKghibA', 1, [[2, [2, 1], [2]]])

/** Lines as the tool prints them, a bar for each tab. */
const tabbed = (...lines: string[]) => lines.map((line) => line.replaceAll('|', '\t'))

describe('topics are described as kafka-topics does', () => {
  it('byte for byte, tabs and trailing blanks included', () => {
    expect(describeTopics([orders, audit]).split('\n')).toEqual(
      tabbed(
        'Topic: orders|TopicId: 4zM4SIrIRg6AQ_cTG7jhjg|PartitionCount: 3|ReplicationFactor: 3|' +
          'Configs: min.insync.replicas=2',
        '|Topic: orders|Partition: 0|Leader: 2|Replicas: 2,3,1|Isr: 2|Elr: 3|LastKnownElr: ',
        '|Topic: orders|Partition: 1|Leader: 2|Replicas: 3,1,2|Isr: 2,3|Elr: |LastKnownElr: ',
        '|Topic: orders|Partition: 2|Leader: none|Replicas: 1,2,3|Isr: 1,2,3|Elr: |LastKnownElr: ',
        'Topic: audit|TopicId: AXVZ13avTk6Xf2JkKghibA|PartitionCount: 1|ReplicationFactor: 2|' +
          'Configs: min.insync.replicas=1',
        '|Topic: audit|Partition: 0|Leader: 2|Replicas: 2,1|Isr: 2|Elr: |LastKnownElr: ',
        '',
      ),
    )
  })

  it('with a filter as partitions only', () => {
    const numbers = (text: string) => [...text.matchAll(/Topic: (\w+)\tPartition: (\d)/g)]
    const found = (filter: Parameters<typeof describeTopics>[1]) =>
      numbers(describeTopics([orders, audit], filter)).map(([, name, n]) => `${name}-${n}`)
    expect(found('under-replicated')).toEqual(['orders-0', 'orders-1', 'audit-0'])
    expect(found('under-min-isr')).toEqual(['orders-0'])
    expect(found('at-min-isr')).toEqual(['orders-1', 'audit-0'])
    expect(found('unavailable')).toEqual(['orders-2'])
  })

  it('with observers where the cluster has them', () => {
    const [partition] = audit.partitions
    if (partition === undefined) throw new Error('audit has a partition')
    const withObserver = { ...partition, replicas: [2, 1, 3], offline: [1], observers: [3] }
    expect(describeTopics([{ ...audit, partitions: [withObserver] }])).toContain(
      '\tLastKnownElr: \tOffline: 1\tObservers: 3\n',
    )
  })
})

const voter = (id: number, role: 'Leader' | 'Follower', host: number, fetchedMs: number) => ({
  ...{ id, role, directoryId: 'AAAAAAAAAAAAAAAAAAAAAA', logEndOffset: 109 },
  ...{ endpoint: `CONTROLLER://10.77.0.${host}:9093`, lastFetchMs: fetchedMs },
  lastCaughtUpMs: fetchedMs,
})
const observer = (id: number, directoryId: string, fetchedMs: number) => ({
  ...{ id, role: 'Observer' as const, directoryId, endpoint: null, logEndOffset: 109 },
  ...{ lastFetchMs: fetchedMs, lastCaughtUpMs: fetchedMs },
})
const quorum: QuorumDescription = {
  ...{ clusterId: 'MkU3OEVBNTcwNTJENDM2Qg', leaderId: 101, leaderEpoch: 1, highWatermark: 108 },
  replicas: [
    observer(1, '9EqWWcmULxvFRl1PPscQcA', 1_795_204_186_866),
    observer(2, 'z_daSkCT4N2vj4UWn5KZWQ', 1_795_204_186_891),
    voter(101, 'Leader', 4, 1_795_204_187_322),
    voter(102, 'Follower', 5, 1_795_204_186_888),
  ],
}

describe('the quorum is described as kafka-metadata-quorum does', () => {
  it('in its status', () => {
    expect(describeQuorumStatus(quorum).split('\n')).toEqual([
      'ClusterId:              MkU3OEVBNTcwNTJENDM2Qg',
      'LeaderId:               101',
      'LeaderEpoch:            1',
      'HighWatermark:          108',
      'MaxFollowerLag:         0',
      'MaxFollowerLagTimeMs:   0',
      'CurrentVoters:          [{"id": 101, "endpoints": ["CONTROLLER://10.77.0.4:9093"]}, ' +
        '{"id": 102, "endpoints": ["CONTROLLER://10.77.0.5:9093"]}]',
      'CurrentObservers:       [{"id": 1, "directoryId": "9EqWWcmULxvFRl1PPscQcA"}, ' +
        '{"id": 2, "directoryId": "z_daSkCT4N2vj4UWn5KZWQ"}]',
      '',
    ])
  })

  it('in its replication, a tab after every cell', () => {
    const nobody = 'AAAAAAAAAAAAAAAAAAAAAA'
    expect(describeQuorumReplication(quorum).split('\n')).toEqual(
      tabbed(
        'NodeId|DirectoryId           |LogEndOffset|Lag|' +
          'LastFetchTimestamp|LastCaughtUpTimestamp|Status  |',
        `101   |${nobody}|109         |0  |1795204187322     |1795204187322        |Leader  |`,
        `102   |${nobody}|109         |0  |1795204186888     |1795204186888        |Follower|`,
        '1     |9EqWWcmULxvFRl1PPscQcA|109         |0  |' +
          '1795204186866     |1795204186866        |Observer|',
        '2     |z_daSkCT4N2vj4UWn5KZWQ|109         |0  |' +
          '1795204186891     |1795204186891        |Observer|',
        '',
      ),
    )
  })

  it('with the lag of the voter that is furthest behind', () => {
    const behind = { ...voter(103, 'Follower', 6, 1_795_204_186_322), logEndOffset: 100 }
    const text = describeQuorumStatus({ ...quorum, replicas: [...quorum.replicas, behind] })
    expect(text).toContain('MaxFollowerLag:         9\nMaxFollowerLagTimeMs:   1000\n')
  })
})
