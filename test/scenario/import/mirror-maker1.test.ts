import { describe, expect, it } from 'vitest'
import { imported, refused } from './imported.ts'

const CONSUMER = `bootstrap.servers=kafka-1.us:9092,kafka-2.us:9092
group.id=mirror-us-eu
auto.offset.reset=earliest
security.protocol=SSL
zookeeper.connect=zk:2181
`
const PRODUCER = `bootstrap.servers=kafka-1.eu:9092
compression.type=lz4
linger.ms=100
batch.size=131072
`
const COMMAND = `#!/bin/sh
# kafka-mirror-maker.sh of the night shift
exec /opt/kafka/bin/kafka-mirror-maker.sh \\
  --consumer.config /etc/mirror/consumer.properties --producer.config=producer.properties \\
  --whitelist "orders|payments.*" --num.streams 3 --abort.on.send.failure false \\
  --message.handler com.example.Rename > /var/log/mirror.log 2>&1
`
const FILES = {
  'mirror.sh': COMMAND,
  'consumer.properties': CONSUMER,
  'conf/producer.properties': PRODUCER,
}

describe('a command line of the first MirrorMaker', () => {
  const { scenario, leftOut, assumed, text } = imported(FILES)
  const [link] = scenario.links

  it('becomes a link with its options and with the settings of its two clients', () => {
    expect(link).toMatchObject({ system: 'mirror-maker1', from: 'source', to: 'target' })
    if (link?.system !== 'mirror-maker1') throw new Error('another system')
    expect(link.options).toMatchObject({
      ...{ include: 'orders|payments.*', numStreams: 3, abortOnSendFailure: false },
      offsetCommitIntervalMs: 60_000,
    })
    expect(link.consumer).toMatchObject({
      ...{ 'group.id': 'mirror-us-eu', 'auto.offset.reset': 'earliest' },
    })
    expect(link.producer).toMatchObject({ 'linger.ms': 100, 'batch.size': 131_072 })
    // MirrorMaker's own, which neither file says.
    expect(link.producer).toMatchObject({ acks: 'all', 'max.in.flight.requests.per.connection': 1 })
  })

  it('has a topic that it takes to begin with, in the cluster that it reads', () => {
    expect(scenario.topics[0]).toMatchObject({ name: 'orders', cluster: 'source' })
    expect(scenario.clusters.map(({ name }) => name)).toEqual(['source', 'target'])
    expect(assumed).toContain('kafka-1.eu:9092 is cluster target')
  })

  it('says what a scenario cannot: handlers, security, settings of the oldest consumers', () => {
    expect(leftOut).toContain('mirror.sh:3 ["message.handler"]: write by hand what it does')
    expect(leftOut).toMatch(/consumer.properties:4 .*security.protocol.*not modelled/)
    expect(leftOut).toMatch(/consumer.properties:5 .*zookeeper.connect.*no consumer setting/)
    expect(leftOut).not.toContain('/var/log')
    for (const line of leftOut.split('\n')) expect(text).toContain(line)
  })

  it('finds its brokers in server.properties that answer to those addresses', () => {
    const server = `process.roles=broker,controller\nnode.id=7
advertised.listeners=PLAINTEXT://kafka-1.us:9092\ncontroller.quorum.voters=7@kafka-1.us:9093
offsets.topic.replication.factor=1\n`
    const { scenario: known } = imported({ ...FILES, 'server.properties': server })
    expect(known.clusters[0]?.nodes.map(({ id }) => id)).toEqual([7])
  })

  it('of several makes a link each, between clusters that share a server', () => {
    const back = COMMAND.replace('/etc/mirror/consumer', 'eu-consumer')
      .replace('=producer', '=us-producer')
      .replace('orders', 'audit')
    const { scenario: both } = imported({
      ...FILES,
      'back.sh': back,
      'eu-consumer.properties': CONSUMER.replace(/kafka-1.us.*/, 'kafka-1.eu:9092'),
      'us-producer.properties': PRODUCER.replace('kafka-1.eu', 'kafka-2.us'),
    })
    expect(both.links.map(({ from, to }) => `${from}->${to}`)).toEqual([
      'cluster-1->cluster-2',
      'cluster-2->cluster-1',
    ])
  })
})

describe('a command line that lacks something', () => {
  it.each([
    ['its topics', { ...FILES, 'mirror.sh': COMMAND.replace('--whitelist', '--x') }, /no topics/],
    ['a file', { 'mirror.sh': COMMAND, 'consumer.properties': CONSUMER }, /not among the files/],
    [
      'servers',
      { ...FILES, 'consumer.properties': CONSUMER.replace('bootstrap.servers', 'x') },
      /no servers/,
    ],
    ['a second cluster', { ...FILES, 'conf/producer.properties': CONSUMER }, /where it reads/],
    ['a number', { ...FILES, 'mirror.sh': COMMAND.replace('streams 3', 'streams x') }, /number/],
  ])('such as %s is refused with its place', (_name, files, message) => {
    const problem = refused(files)
    expect(problem?.message).toMatch(message)
    expect(problem?.fix).not.toBe('')
  })
})
