import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { importedWithNotes as imported, refused } from './imported.ts'

const fixture = (name: string) => readFileSync(new URL(`examples/${name}`, import.meta.url), 'utf8')
const POOLS = fixture('strimzi-v1.yaml')

describe('Strimzi resources', () => {
  it('of the v1 API become nodes by pool, with Strimzi’s ids, racks and settings', () => {
    const { scenario, leftOut } = imported({ 'kafka.yaml': POOLS })
    const nodes = scenario.clusters[0].nodes.map(({ name, zone, rack }) => [name, zone, rack])
    expect(nodes).toEqual([
      ['broker-100', 'us-east-1/us-east-1a', 'us-east-1a'],
      ['broker-101', 'us-east-1/us-east-1b', 'us-east-1b'],
      ['node-3', 'region-1/a', 'region-1'],
      ['controller-0', 'region-1/a', 'region-1'],
      ['controller-1', 'region-1/a', 'region-1'],
    ])
    expect(scenario).toMatchObject({ name: 'payments', version: '4.1.0' })
    expect(scenario.clusters[0].config['min.insync.replicas']).toBe(2)
    expect(scenario.topics).toMatchObject([
      { name: 'orders', partitions: 6, replicationFactor: 3, config: { 'retention.ms': 600000 } },
    ])
    expect(leftOut.join('\n')).toMatch(/kafka.yaml:\d+ spec.kafka.listeners/)
  })

  it('of v1beta2 hold brokers themselves, and KRaft controllers stand in for ZooKeeper', () => {
    const { scenario, assumed } = imported({ 'old.yaml': fixture('strimzi-v1beta2.yaml') })
    const roles = scenario.clusters[0].nodes.map(({ id, roles: [role] }) => `${role}-${id}`)
    expect(roles).toEqual([
      ...['broker-0', 'broker-1', 'broker-2'],
      ...['controller-3', 'controller-4', 'controller-5'],
    ])
    expect(assumed.join('\n')).toContain('ZooKeeper mode is not modelled')
  })

  it('lose nothing in silence: every part is carried over, or named with its line', () => {
    const { leftOut } = imported({ 'kafka.yaml': POOLS })
    const named = leftOut.map((line) => /^kafka.yaml:\d+ ([^:]+):/.exec(line)?.[1])
    expect(named.sort()).toEqual(
      [
        'metadata.labels',
        'metadata.labels',
        'metadata.labels',
        'spec.entityOperator',
        'spec.kafka.config["log.message.timestamp.type"]',
        'spec.kafka.config["ssl.cipher.suites"]',
        'spec.kafka.listeners',
        'spec.kafka.metadataVersion',
        'spec.resources',
        'spec.storage',
      ].sort(),
    )
  })

  it.each([
    ['replicas: 2', 'replicas: two', 'spec.replicas', '"two"'],
    ['roles: [broker]', 'roles: [bookie]', 'spec.roles', 'a list'],
    ['min.insync.replicas: 2', 'min.insync.replicas: many', 'min.insync', '"many"'],
  ])('with %s as %s are refused with the place', (from, to, path, value) => {
    const text = POOLS.replace(from, to)
    const problem = refused({ 'kafka.yaml': text })
    expect(problem?.file).toBe('kafka.yaml')
    expect(problem?.path).toContain(path)
    expect(problem?.value).toContain(value)
    const line = text.split('\n').findIndex((one) => one.includes(to)) + 1
    expect(problem?.line).toBe(line)
    expect(problem?.fix).not.toBe('')
  })

  it('of a cluster without its pools say that they are missing', () => {
    const alone = POOLS.slice(
      POOLS.indexOf('kind: Kafka\n') - 'apiVersion: kafka.strimzi.io/v1\n'.length,
    )
    expect(refused({ 'kafka.yaml': alone })?.fix).toContain('KafkaNodePool')
  })
})

const BROKER = `# a broker
process.roles=broker
node.id=1
broker.rack=dc-a
controller.quorum.voters=1@h1:9093,9@h9:9093
min.insync.replicas = 2
replica.lag.time.max.ms: 10000
listeners=PLAINTEXT://:9092,\\
    SSL://:9093
ssl.keystore.password=hunter2
`

describe('server.properties', () => {
  it('become nodes whose racks are regions, with what they share written once', () => {
    const second = BROKER.replace('node.id=1', 'node.id=2')
      .replace('dc-a', 'dc-b')
      .replace('10000', '20000')
    const { scenario, text, assumed } = imported({ 'a.properties': BROKER, 'b.properties': second })
    const nodes = scenario.clusters[0].nodes.map(({ name, region, rack }) => [name, region, rack])
    expect(nodes).toEqual([
      ['broker-1', 'dc-a', 'dc-a'],
      ['broker-2', 'dc-b', 'dc-b'],
      ['controller-9', 'region-1', null],
    ])
    const lags = scenario.clusters[0].nodes.map(({ config }) => config['replica.lag.time.max.ms'])
    expect(lags.slice(0, 2)).toEqual([10_000, 20_000])
    expect(assumed.join('\n')).toContain('voter 9')
    expect(text).toContain('"dc-a ~ dc-b": 20ms # PLACEHOLDER')
  })

  it('never give away the value of a setting that is not used', () => {
    const { text, leftOut } = imported({ 'a.properties': BROKER })
    expect(leftOut).toContain(
      'a.properties:10 ["ssl.keystore.password"]: not modelled, it has no effect',
    )
    expect(text).toContain('ssl.keystore.password')
    expect(text + leftOut.join()).not.toContain('hunter2')
  })

  it.each([
    ['node.id=1\n', '', 'no node.id'],
    ['roles=broker', 'roles=king', 'not the roles'],
    ['1@h1:9093,', '1-h1,', 'not a list of voters'],
    ['replicas = 2', 'replicas = two', 'expected an integer'],
  ])('with %j as %j are refused', (from, to, message) => {
    expect(refused({ 'a.properties': BROKER.replace(from, to) })?.message).toContain(message)
  })
})

const PLACEMENT = JSON.stringify({
  version: 2,
  replicas: [{ count: 2, constraints: { rack: 'west' } }],
  observers: [{ count: 1, constraints: { rack: 'east' } }],
  observerPromotionPolicy: 'under-min-isr',
})

describe('a Confluent placement', () => {
  it('becomes the placement of a topic named after its file, on brokers that it needs', () => {
    const { scenario } = imported({ 'dir/orders.json': PLACEMENT })
    const racks = scenario.clusters[0].nodes.flatMap((n) =>
      n.roles.includes('broker') ? n.rack : [],
    )
    expect(racks).toEqual(['west', 'west', 'east'])
    expect(scenario.flavour).toBe('confluent')
    const [topic] = scenario.topics
    expect(topic).toMatchObject({ name: 'orders', observerPromotionPolicy: 'under-min-isr' })
    expect(topic?.assignment?.[0]).toEqual({ replicas: [1, 2, 3], observers: [3] })
  })

  it('with a mistake is refused', () => {
    const wrong = PLACEMENT.replace('"count":2', '"count":"two"')
    expect(refused({ 'orders.json': wrong })?.message).toContain('count')
  })
})

describe('lines of tc netem', () => {
  it('become one direction of a path each, in their own units', () => {
    const { scenario, leftOut } = imported({
      'net.sh': `#!/bin/sh
tc qdisc add dev eth0 root netem delay 100ms 20ms 25% loss random 0.5% rate 10mbit
tc qdisc change dev eth1 root handle 1: netem delay 5000 duplicate 1% rate 2mbps
`,
    })
    const [there, back] = ['region-1', 'region-2'].map((from) =>
      scenario.network.links.find((l) => l.from === from && l.to !== 'region-3' && l.to !== from),
    )
    // netem draws from 80 to 120 ms; a time without a unit is microseconds; mbps are megabytes.
    expect(there).toMatchObject({ delay: 80_000, jitter: 40_000, lossPpm: 5_000 })
    expect(there?.bandwidthBps).toBe(10_000_000)
    expect(back).toMatchObject({ delay: 5_000, jitter: 0, bandwidthBps: 16_000_000 })
    expect(leftOut.join('\n')).toContain('net.sh:2 [1]: delay … 25%: correlation')
    expect(leftOut.join('\n')).toContain('duplicate 1%')
  })

  it('with a mistake are refused with their line', () => {
    const problem = refused({ 'net.sh': '\ntc qdisc add dev eth0 root netem delay soon\n' })
    expect(problem).toMatchObject({ file: 'net.sh', line: 2 })
    expect(problem?.message).toContain('"soon"')
  })
})

function chaos(spec: string): string {
  const meta = 'apiVersion: chaos-mesh.org/v1alpha1\nkind: NetworkChaos\nmetadata: { name: cut }\n'
  const selector = '  selector: { labelSelectors: { strimzi.io/pool-name: east } }\n'
  return `${meta}spec:\n  mode: all\n${selector}${spec}`
}

describe('NetworkChaos', () => {
  const faultOf = (spec: string) => {
    const { scenario, ...told } = imported({ 'chaos.yaml': chaos(spec), 'kafka.yaml': POOLS })
    return { fault: scenario.faults[0], ...told }
  }

  it('partition becomes a cut between the pods of a pool and the rest, for its duration', () => {
    const { fault } = faultOf('  action: partition\n  direction: both\n  duration: 1h30m\n')
    expect(fault?.for).toEqual([5_400_000_000, 5_400_000_000])
    expect(fault?.fault).toMatchObject({ kind: 'partition', params: { direction: 'both' } })
    expect(JSON.stringify(fault?.fault.params)).toContain('broker-100')
  })

  it.each([
    ['to', 'forward'],
    ['from', 'backward'],
  ])('direction %s is %s', (direction, ours) => {
    const { fault } = faultOf(`  action: loss\n  loss: { loss: "25" }\n  direction: ${direction}\n`)
    expect(fault?.fault.params).toMatchObject({ direction: ours, netem: { lossPpm: 250_000 } })
    expect(fault?.for).toBeNull()
  })

  it('delay, netem and bandwidth become a slow link; what TCP undoes is named', () => {
    const delay = faultOf(
      '  action: delay\n  delay: { latency: 90ms, jitter: 10ms, correlation: "5" }\n',
    )
    expect(delay.fault?.fault.params).toMatchObject({ netem: { delay: 80_000, jitter: 20_000 } })
    expect(delay.leftOut.join('\n')).toContain('spec.delay.correlation')
    const both = '  action: netem\n  delay: { latency: 9ms }\n  corrupt: { corrupt: "1" }\n'
    expect(faultOf(both).leftOut.join('\n')).toContain('spec.corrupt')
    const slow = faultOf('  action: bandwidth\n  bandwidth: { rate: 1mbps, limit: 1, buffer: 2 }\n')
    expect(slow.fault?.fault.params).toMatchObject({ bandwidth: 8_000_000 })
    const rate = faultOf('  action: rate\n  rate: { rate: 1mbps }\n')
    expect(rate.fault?.fault.params).toMatchObject({ bandwidth: 8_000_000 })
    const all = '  action: netem\n  delay: { latency: 9ms }\n  rate: { rate: 1mbit }\n'
    expect(faultOf(all).fault?.fault.params).toMatchObject({ netem: { bandwidthBps: 1_000_000 } })
    const undone = faultOf('  action: corrupt\n  corrupt: { corrupt: "5" }\n')
    expect(undone.fault).toBeUndefined()
    expect(undone.leftOut.join('\n')).toContain('TCP undoes it')
  })

  it('in a list as kubectl prints it is one of its items, with its own lines', () => {
    const item = chaos('  action: delay\n  delay: { latency: soon }\n')
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${item.trim().replace(/\n/g, '\n  ')}\n`
    const problem = refused({ 'chaos.yaml': list })
    expect(problem).toMatchObject({ line: 11, path: 'spec.delay.latency' })
  })

  it('whose labels name nothing here hits a stand-in, and says so', () => {
    const spec =
      '  action: partition\n  target: { mode: all, selector: { labelSelectors: { app: x } } }\n'
    const { assumed, leftOut, fault } = faultOf(spec)
    expect(assumed.join('\n')).toContain('spec.target.selector names no node')
    expect(leftOut.join('\n')).toContain('spec.target.selector.labelSelectors')
    expect(JSON.stringify(fault?.fault.params)).toContain('"region"')
  })

  it.each([
    ['  action: delay\n  delay: { latency: soon }\n', 'spec.delay.latency', 'not a duration'],
    ['  action: loss\n  loss: { loss: "250" }\n', 'spec.loss.loss', 'not a percentage'],
    ['  action: partition\n  direction: up\n', 'spec.direction', 'no direction'],
    ['  action: freeze\n', 'spec.action', 'no action'],
  ])('with %j is refused', (spec, path, message) => {
    const problem = refused({ 'chaos.yaml': chaos(spec) })
    expect(problem).toMatchObject({ file: 'chaos.yaml', path })
    expect(problem?.message).toContain(message)
  })
})

describe('a Schedule of NetworkChaos', () => {
  const scheduled = (schedule: string, more = '') => {
    const meta = 'apiVersion: chaos-mesh.org/v1alpha1\nkind: Schedule\nmetadata: { name: flaky }\n'
    const body = '    action: partition\n    duration: 40s\n    mode: all\n    direction: both\n'
    const selector = '    selector: { labelSelectors: { strimzi.io/pool-name: east } }\n'
    const spec = `spec:\n  schedule: "${schedule}"\n  type: NetworkChaos\n  historyLimit: 2\n`
    const chaos = `${meta}${spec}  networkChaos:\n${body}${selector}${more}`
    const { scenario, ...told } = imported({ 'chaos.yaml': chaos, 'kafka.yaml': POOLS })
    return { ...told, starts: scenario.faults.map(({ at: [from] }) => from / 1_000_000) }
  }

  it.each([
    ['@every 2m', [20, 140, 260]],
    ['*/5 * * * *', [20, 320, 620]],
    ['* * * * *', [20, 80, 140]],
    // The run before still goes on.
    ['@every 30s', [20, 80, 140]],
  ])('%s becomes its first three runs', (schedule, starts) => {
    const found = scheduled(schedule)
    expect(found.starts).toEqual(starts)
    expect(found.assumed.join('\n')).toContain('flaky: the first 3 runs of its schedule')
    expect(found.leftOut.join('\n')).toContain('spec.historyLimit')
  })

  it.each(['@daily', '5 4 * * sun'])('%s becomes one run, and says so', (schedule) => {
    const { starts, assumed } = scheduled(schedule)
    expect(starts).toEqual([20])
    expect(assumed.join('\n')).toContain(`of its schedule, ${schedule}, one run`)
  })

  it('of another kind of chaos is named', () => {
    const text = 'apiVersion: chaos-mesh.org/v1alpha1\nkind: Schedule\nspec: { type: PodChaos }\n'
    const { leftOut, scenario } = imported({ 'chaos.yaml': text, 'kafka.yaml': POOLS })
    expect(scenario.faults).toEqual([])
    expect(leftOut.join('\n')).toContain('PodChaos: no fault is it')
  })
})

const SIMPLE = '    authorization: { type: simple, superUsers: [CN=root] }\n'
const AUTHORIZED = POOLS.replace('  kafka:\n', `  kafka:\n${SIMPLE}`)

describe('KafkaUser', () => {
  const user = (authentication: string, acls: string) => `---
apiVersion: kafka.strimzi.io/v1
kind: KafkaUser
metadata: { name: shop, labels: { strimzi.io/cluster: payments } }
spec:
  authentication: { type: ${authentication} }
  authorization:
    type: simple
    acls: ${acls}
`
  const WRITES = '{ resource: { type: topic, name: orders }, operations: [Write, DescribeConfigs] }'
  const given = (authentication: string, acls: string) =>
    imported({ 'kafka.yaml': `${AUTHORIZED}${user(authentication, acls)}` })

  it('becomes lists under the name that its authentication gives it, and who writes is it', () => {
    const { scenario } = given('tls', `[${WRITES}]`)
    expect(scenario.clusters[0].acls).toMatchObject([
      { principal: 'User:CN=shop', resource: 'TOPIC', name: 'orders', operation: 'WRITE' },
      { principal: 'User:CN=shop', operation: 'DESCRIBE_CONFIGS', pattern: 'LITERAL' },
    ])
    expect(scenario.producers[0]?.access?.principal).toBe('User:CN=shop')
    expect(scenario.consumers[0]?.access?.principal).toBe('User:ANONYMOUS')
  })

  it('is of prefixes, denials and older files’ single operations, too', () => {
    const denied =
      '{ type: deny, host: h1, operation: Read, ' +
      'resource: { type: group, name: g, patternType: prefix } }'
    const { scenario } = given('scram-sha-512', `[${denied}]`)
    expect(scenario.clusters[0].acls).toMatchObject([
      {
        principal: 'User:shop',
        resource: 'GROUP',
        pattern: 'PREFIXED',
        permission: 'DENY',
        host: 'h1',
      },
    ])
  })

  it('says what no list here is about', () => {
    const { leftOut } = given(
      'tls',
      '[{ resource: { type: transactionalId, name: t }, operations: [Write] }]',
    )
    expect(leftOut.join('\n')).toContain('transactionalId: a scenario has no lists of these')
  })

  it('counts where its cluster authorizes, and is left out elsewhere', () => {
    const { config } = given('tls', `[${WRITES}]`).scenario.clusters[0]
    expect(config['authorizer.class.name']).toContain('StandardAuthorizer')
    expect(config['super.users']).toBe('User:CN=root')
    const { leftOut, scenario } = imported({
      'kafka.yaml': `${POOLS}${user('tls', `[${WRITES}]`)}`,
    })
    expect(leftOut.join('\n')).toContain('spec.authorization.acls: nobody obeys them')
    expect(scenario.clusters[0].acls).toEqual([])
  })
})

describe('what cannot be imported', () => {
  it.each([
    ['mm1.yaml', 'apiVersion: kafka.strimzi.io/v1\nkind: KafkaMirrorMaker\n', 'MirrorMaker 1'],
    ['pod.yaml', 'apiVersion: v1\nkind: Pod\n', 'not a file that can be imported'],
    ['empty.yaml', '', 'the file is empty'],
    ['broken.yaml', 'kind: [Kafka\n', 'Flow sequence'],
    ['deep.yaml', '['.repeat(100_000), 'cannot be read'],
    [
      'bomb.yaml',
      `a: &a [x, x]\n${'bcdefghij'
        .split('')
        .map((c, i) => `${c}: &${c} [${`*${'abcdefghi'[i]},`.repeat(9)}]`)
        .join('\n')}\n`,
      'cannot be read',
    ],
  ])('%s is refused with its name and a way out', (file, text, message) => {
    const problem = refused({ [file]: text })
    expect(problem?.file).toBe(file)
    expect(problem?.message).toContain(message)
    expect(problem?.fix).not.toBe('')
  })

  it('is two clusters that nothing links', () => {
    const second = POOLS.replaceAll('payments', 'billing')
    expect(refused({ 'a.yaml': POOLS, 'b.yaml': second })?.message).toContain(
      'second Kafka cluster',
    )
    expect(refused({ 'a.yaml': POOLS, 'b.properties': BROKER })?.fix).toContain('that links them')
  })
})
