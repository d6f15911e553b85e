import { describe, expect, it } from 'vitest'
import { appended, changed, told } from './minimal.ts'

describe('rules between the parts of a file', () => {
  it('a topic cannot have more replicas than there are brokers', () => {
    expect(told(changed('replicationFactor: 3', 'replicationFactor: 4'))).toEqual([
      'topics[0].replicationFactor: 4 replicas need 4 brokers; there are 3',
    ])
  })

  it('an assignment names existing brokers, each once', () => {
    expect(
      told(changed('partitions: 2, replicationFactor: 3', 'assignment: [[1, 1], [2, 9]]')),
    ).toEqual([
      'topics[0].assignment[0]: a broker is there twice',
      'topics[0].assignment[1]: unknown broker "9"',
    ])
  })

  it('a cluster without a controller, and one without a round trip, are refused', () => {
    expect(told(changed('  controllers: { east: 1, west: 2 }\n', ''))).toEqual([
      'cluster.controllers: there is no controller',
    ])
    expect(told(changed('rtt: { east ~ west: 50ms }', 'jitter: 1ms')).join()).toContain(
      'the round trip between east and west is unknown',
    )
  })

  it.each([
    ['east', 'west'],
    ['west', 'east'],
  ])('a delay from %s to %s alone leaves the way back unknown', (from, to) => {
    const oneWay = `links: { "${from} -> ${to}": { delay: 10ms } }`
    expect(told(changed('rtt: { east ~ west: 50ms }', oneWay)).join()).toContain(
      'the round trip between east and west is unknown',
    )
    const both = `${oneWay.slice(0, -1)}, "${to} -> ${from}": { delay: 20ms } }`
    expect(told(changed('rtt: { east ~ west: 50ms }', both))).toEqual([])
  })

  it('an even number of voters is a note, not an error', () => {
    const { scenario, notes } = changed('controllers: { east: 1', 'controllers: { east: 2')
    expect(scenario).toBeDefined()
    expect(notes.map(({ message }) => message).join()).toContain('4 voters need 3 alive')
  })

  it('brokers may be controllers too, with a place and rack of their own', () => {
    const list = `brokers:
    - { id: 7, region: east, zone: b, rack: r7, roles: [broker, controller] }
    - { region: west, roles: [broker, controller], config: { num.replica.fetchers: 4 } }
    - { region: west }`
    const { scenario, problems } = changed(
      'brokers: { east: 2, west: 1 }\n  controllers: { east: 1, west: 2 }',
      list,
    )
    expect(problems).toEqual([])
    expect(scenario?.clusters[0].nodes).toMatchObject([
      { id: 7, name: 'node-7', zone: 'east/b', rack: 'r7' },
      { id: 1, name: 'node-1', rack: 'west', config: { 'num.replica.fetchers': 4 } },
      { id: 2, name: 'broker-2', roles: ['broker'] },
    ])
  })

  it('node.id, broker.rack and process.roles belong to the layout', () => {
    const { problems } = changed('\ntopics:', '\n  config: { broker.rack: x }\ntopics:')
    expect(problems[0]?.fix).toBe('write rack: beside the broker')
  })

  it('delivery.timeout.ms must cover linger.ms and request.timeout.ms', () => {
    expect(
      told(changed('rate: 100/s', 'rate: 100/s, config: { delivery.timeout.ms: 20000 }')),
    ).toEqual([
      'producers[0].config["delivery.timeout.ms"]: ' +
        'delivery.timeout.ms is shorter than linger.ms + request.timeout.ms',
    ])
    const raised = changed('rate: 100/s', 'rate: 100/s, config: { request.timeout.ms: 200000 }')
    expect(raised.scenario?.producers[0]?.config['delivery.timeout.ms']).toBe(200_005)
  })

  it('idempotence goes silently with acks=1, and is refused with 6 requests in flight', () => {
    const quiet = changed('rate: 100/s', 'rate: 100/s, config: { acks: 1 }').scenario
    expect(quiet?.producers[0]?.config).toMatchObject({ acks: '1', 'enable.idempotence': false })
    const asked = changed(
      'rate: 100/s',
      'rate: 100/s, config: { acks: 1, enable.idempotence: true }',
    )
    expect(told(asked).join()).toContain('an idempotent producer cannot have acks=1')
    const six = 'rate: 100/s, config: { max.in.flight.requests.per.connection: 6 }'
    expect(told(changed('rate: 100/s', six)).join()).toContain('cannot have 6 requests in flight')
  })

  it('flavour apache has no confluent settings and no placement, and says why', () => {
    const { problems } = changed(
      '\ntopics:',
      '\n  config: { confluent.balancer.enable: true }\ntopics:',
    )
    expect(problems[0]).toMatchObject({
      message: 'confluent.balancer.enable is a setting of Confluent Server',
    })
    const placed = changed(
      'replicationFactor: 3',
      `placement: '{"version":1,"replicas":[{"count":1,"constraints":{"rack":"east"}}]}'`,
    )
    expect(told(placed)).toEqual([
      'topics[0].placement: placement constraints exist only in Confluent Server',
    ])
  })

  it('a reassignment names observers among its replicas, and only where there are any', () => {
    const fault = 'faults: [{ at: 1s, reassign: { topic: orders, partition: 0, replicas: [1, 2], '
    expect(told(appended(`${fault}observers: [3] } }]`))).toEqual([
      'faults[0].reassign.observers: observers exist only in Confluent Server',
      'faults[0].reassign.observers: observers are some of the replicas',
    ])
    expect(told(appended(`flavour: confluent\n${fault}observers: [2] } }]`))).toEqual([])
  })

  it('flavour confluent places replicas and observers by rack, JSON text and setting alike', () => {
    const json =
      '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"east"}}],' +
      '"observers":[{"count":1,"constraints":{"rack":"west"}}],' +
      '"observerPromotionPolicy":"under-min-isr"}'
    for (const written of [
      `placement: '${json}'`,
      `config: { confluent.placement.constraints: '${json}' }`,
    ]) {
      const { scenario, problems } = changed(
        'replicationFactor: 3',
        written,
        'flavour: confluent\n',
      )
      expect(problems).toEqual([])
      expect(scenario?.topics[0]).toMatchObject({
        replicationFactor: 3,
        observerPromotionPolicy: 'under-min-isr',
        assignment: [
          { replicas: [2, 1, 3], observers: [3] },
          { replicas: [1, 2, 3], observers: [3] },
        ].reverse(),
      })
    }
  })

  it('faults name what exists', () => {
    const faults = `faults:
  - { at: 5s, crash: broker-9 }
  - { at: 5s, crash: leader of orders-2 }
  - { at: 5s, partition: { between: [region esat, rest] } }
  - { at: 70s, pause: broker-1, for: 1s }
  - { at: 5s, elect-leaders: { type: unclean, topic: x } }
`
    expect(told(appended(faults))).toEqual([
      'faults[0].crash: unknown process "broker-9"',
      'faults[1].crash: unknown partition "orders-2"',
      'faults[2].partition: unknown region "esat"',
      'faults[3].at: it strikes after the end of the run',
      'faults[4].elect-leaders.topic: unknown topic "x"',
    ])
  })

  it('a place that is not called one is asked whether it was meant', () => {
    const { problems } = appended('faults: [{ at: 5s, isolate: east }]\n')
    expect(problems[0]?.fix).toContain('did you mean "region east"?')
  })

  it('settings that an operator alters are checked like those of the file', () => {
    const set = 'set: { min.insync.replicsa: 1, min.insync.replicas: 0, retention.ms: null }'
    const more = `faults: [{ at: 5s, alter-config: { topic: orders, ${set} } }]\n`
    expect(told(appended(more))).toEqual([
      'faults[0].alter-config.set["min.insync.replicsa"]: ' +
        'min.insync.replicsa is no topic setting of Kafka',
      'faults[0].alter-config.set["min.insync.replicas"]: below Kafka’s minimum of 1',
    ])
  })

  it('what a broker reads at its start cannot be altered, and one order is of one thing', () => {
    const orders = [
      '{ set: { replica.lag.time.max.ms: 1000, log.retention.hours: 2, log.retention.ms: 1 } }',
      '{ topic: orders, broker: 1, set: { min.insync.replicas: 1 } }',
      '{ cluster: other, set: { min.insync.replicas: 1 } }',
    ]
    const faults = orders.map((one) => `  - { at: 5s, alter-config: ${one} }\n`)
    expect(told(appended(`faults:\n${faults.join('')}`))).toEqual([
      'faults[0].alter-config.set["replica.lag.time.max.ms"]: ' +
        'Kafka refuses to change replica.lag.time.max.ms while a broker runs',
      'faults[0].alter-config.set["log.retention.hours"]: ' +
        'Kafka refuses to change log.retention.hours while a broker runs',
      'faults[1].alter-config: an order for two things at once',
      'faults[2].alter-config.cluster: unknown cluster "other"',
    ])
  })

  it('"rest" needs another side, and what heals nothing has no use for an end', () => {
    const rest =
      '  - { at: 5s, crash: rest }\n  - { at: 5s, partition: { between: [rest, rest] } }\n'
    expect(told(appended(`faults:\n${rest}`))).toEqual([
      'faults[0].crash: "rest" is everybody but another target',
      'faults[1].partition: "rest" is everybody but another target',
    ])
    const { scenario, notes } = appended('faults: [{ at: 5s, restart: broker-1, for: 3s }]\n')
    expect(scenario).toBeDefined()
    expect(notes.map(({ path }) => path)).toEqual(['faults[0].for'])
  })

  it('an expectation about an objective that the file lacks is refused', () => {
    const more = 'objectives: { rpo.records: 0 }\nexpect: { objectives: { rto.produce: missed } }\n'
    expect(told(appended(more))).toEqual([
      'expect.objectives["rto.produce"]: unknown objective of this file "rto.produce"',
    ])
  })

  it('objectives are limits in their own unit', () => {
    const more = `objectives:
  { rpo.records: 0, rto.produce: "<= 15s", availability: 99.9%, rpo.bytes: 1MiB,
    cost.egress: $1200 }
expect: { figures: { rpo.records: "> 0", rto.produce: [10s, 16s], cost.egress: "< $99.50" } }
`
    const { scenario } = appended(more)
    expect(
      scenario?.objectives.map(({ name, limit, direction }) => [name, limit, direction]),
    ).toEqual([
      ['rpo.records', 0, 'at-most'],
      ['rpo.bytes', 1_048_576, 'at-most'],
      ['rto.produce', 15_000_000, 'at-most'],
      ['cost.egress', 1200, 'at-most'],
      ['availability', 0.999, 'at-least'],
    ])
    expect(scenario?.expect?.figures).toMatchObject([
      { figure: 'rpo.records', min: 1, max: Number.POSITIVE_INFINITY },
      { figure: 'rto.produce', min: 10_000_000, max: 16_000_000 },
      { figure: 'cost.egress', min: 0, max: 99.49 },
    ])
  })

  it('a run that would exceed its budget is refused before it starts', () => {
    const { problems } = changed('rate: 100/s', 'rate: 5000000/s, recordBytes: 1MB')
    expect(problems.map(({ path }) => path)).toContain('limits.events')
  })

  it('a memory that no run does with is refused with what every run needs', () => {
    const { problems } = appended('limits: { memoryMb: 79 }\n')
    expect(problems.map(({ path }) => path)).toEqual(['limits.memoryMb'])
    expect(problems[0]?.fix).toBe('raise limits.memoryMb: no run needs less than 80 MB')
  })
})
