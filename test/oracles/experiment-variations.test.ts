// Files of the kinds that were measured, with other values in their fields: each is simulated, and
// shows what it asks for.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { calibrate, calibrateFile } from './real-kafka/calibrate.ts'
import { readExperiment } from './real-kafka/experiment.ts'
import { exceptionName } from './real-kafka/figures.ts'

// biome-ignore lint/suspicious/noExplicitAny: a file of any kind, changed at will
type File = any

const FOLDER = mkdtempSync(join(tmpdir(), 'variations-'))
afterAll(() => rmSync(FOLDER, { recursive: true }))

/** Simulated median by figure, of a file of the collection that was changed. */
function figuresOf(name: string, change: (file: File) => void): Map<string, number> {
  const path = fileURLToPath(new URL(`./real-kafka/experiments/${name}.json`, import.meta.url))
  const file: File = JSON.parse(readFileSync(path, 'utf8'))
  change(file)
  const copy = join(FOLDER, `${name}.json`)
  writeFileSync(copy, JSON.stringify(file))
  const { figures } = calibrate(readExperiment(copy), 1)
  return new Map(figures.map((one) => [one.figure, one.simulated?.median ?? Number.NaN]))
}

/** A fault file with its first run only, whose steps happen when the timeline says. */
function faultFile(
  name: string,
  timeline: readonly object[],
  change: (file: File) => void = () => {},
) {
  return figuresOf(name, (file) => {
    file.measured = file.measured.slice(0, 1)
    delete file.measured[0].steps_ms
    file.timeline = timeline
    change(file)
  })
}

const BACK = 'at ms: partition {"isr":[1,2,3],"p":0,"topic":"t"}'
const FENCED = 'at ms: broker 1 fenced'
const UNFENCED = 'at ms: broker 1 unfenced'

describe('nodes and hosts by role', () => {
  it('a region is all of its nodes: its broker is fenced by the next controller', () => {
    const found = faultFile('leader-kill', [
      { at_s: 0, do: 'kill', nodes: ['region:active-controller'] },
      { at_s: 22, do: 'start', nodes: ['killed'] },
    ])
    expect(found.get(FENCED)).toBeGreaterThan(10_500)
    expect(found.get(BACK)).toBeGreaterThan(22_000)
  })

  it('what was killed in two steps is started in one', () => {
    const found = faultFile('leader-kill', [
      { at_s: 0, do: 'kill', nodes: [1] },
      { at_s: 1, do: 'kill', nodes: ['broker:next-region'] },
      { at_s: 20, do: 'start', nodes: ['killed'] },
    ])
    expect(found.get('occurs: broker 2 registered')).toBe(1)
    expect(found.get('at ms: broker 1 registered')).toBeGreaterThan(20_000)
  })

  it('the same that was paused is resumed', () => {
    const found = faultFile('leader-kill', [
      { at_s: 0, do: 'pause', nodes: ['broker:active-controller-region'] },
      { at_s: 15, do: 'resume', nodes: ['same'] },
    ])
    expect(found.get(FENCED)).toBeLessThan(11_000)
    expect(found.get(UNFENCED)).toBeGreaterThan(15_000)
    expect(found.get('at ms: broker 1 registered')).toBeNaN()
  })

  it('replicas and producer follow the active controller', () => {
    const found = figuresOf('isolated-leader-all', (file) => {
      const run = { ...file.measured[0], active_controller: 102 }
      file.measured = [run]
      const places = ['active-controller-region', 'next-region', 'third-region']
      file.topic.partitions = [{ replicas: places.map((place) => `broker:${place}`) }]
      file.producer.region = 'active-controller-region'
      file.timeline[0].hosts = ['region:active-controller']
      file.timeline[1].hosts = ['region:r2']
    })
    expect(found.get('occurs: broker 2 fenced')).toBe(1)
    expect(found.get('gap_ends_ms')).toBeGreaterThan(20_000)
  })

  it('a host for clients may be cut off although no client runs there', () => {
    const hosts = ['h1', 'h9']
    const found = faultFile('isolated-leader-all', [
      { at_s: 0, do: 'isolate', hosts },
      { at_s: 20, do: 'rejoin', hosts },
    ])
    expect(found.get(FENCED)).toBeLessThan(11_000)
    expect(found.get(UNFENCED)).toBeGreaterThan(20_000)
  })

  it('a host that is not there is refused', () => {
    const isolate = [{ at_s: 0, do: 'isolate', hosts: ['h1', 'h99'] }]
    expect(() => faultFile('leader-kill', isolate)).toThrow(/h99/)
  })

  it('a host without a client is nobody to cut off', () => {
    const found = faultFile('leader-kill', [{ at_s: 0, do: 'isolate', hosts: ['h9'] }])
    expect(found.get('produce_gap_ms')).toBeLessThan(1000)
  })

  it('any of five voters can be the active controller', () => {
    const found = figuresOf('leader-kill', (file) => {
      const far = [4, 5].map((n) => ({ id: 100 + n, host: `h${n}x`, region: `r${n}` }))
      file.nodes.push(...far.map((node) => ({ ...node, roles: ['controller'] })))
      file.network.rtt_ms = { 'all pairs': 50 }
      const [run] = file.measured
      file.measured = [101, 105, 103].map((active_controller) => ({ ...run, active_controller }))
    })
    expect(found.get(FENCED)).toBeLessThan(11_000)
  })

  it('a node that is not there is refused', () => {
    const kill = [{ at_s: 0, do: 'kill', nodes: ['region:r9'] }]
    expect(() => faultFile('leader-kill', kill)).toThrow(/region:r9/)
  })
})

describe('what was cut is given back in other words', () => {
  it.each<[string, object]>([
    ['the same', { do: 'heal', hosts: ['same'] }],
    ['sides the other way round', { do: 'heal', a: ['host:h2'], b: ['h1'] }],
    ['the region of one', { do: 'heal', a: ['h1'], b: ['region:r2'] }],
    ['all that one host has lost', { do: 'rejoin', hosts: ['h2'] }],
  ])('%s', (_words, heal) => {
    const cut = { at_s: 0, do: 'cut', a: ['h1'], b: ['h2'] }
    const found = faultFile('follower-cut-short', [cut, { at_s: 14, ...heal }])
    expect(found.get(BACK)).toBeGreaterThan(14_000)
    expect(found.get(BACK)).toBeLessThan(17_500)
  })

  it('hosts that were isolated together come back one after the other', () => {
    const found = faultFile('isolated-leader-all', [
      { at_s: 0, do: 'isolate', hosts: ['h1', 'h4', 'h7'] },
      { at_s: 14, do: 'rejoin', hosts: ['h4'] },
      { at_s: 24, do: 'rejoin', hosts: ['h1', 'h7'] },
    ])
    expect(found.get('gap_ends_ms')).toBeGreaterThan(24_000)
    expect(found.get(UNFENCED)).toBeGreaterThan(14_000)
  })
})

describe('what a timeline leaves broken is mended before the next run, out of sight', () => {
  it.each<[string, object]>([
    ['killed', { do: 'kill', nodes: [1] }],
    ['paused', { do: 'pause', nodes: [1] }],
    ['cut off', { do: 'isolate', hosts: ['h1'] }],
  ])('%s', (_what, step) => {
    const found = figuresOf('leader-kill', (file) => {
      file.timeline = [{ at_s: 0, ...step }]
      file.measured = file.measured.slice(0, 2)
      for (const run of file.measured) delete run.steps_ms
    })
    expect(found.get('occurs: broker 1 fenced')).toBe(1)
    expect(found.get('occurs: broker 1 unfenced') ?? 0).toBe(0)
  })
})

describe('a file that cannot be simulated says why, and the next one is simulated', () => {
  it.each([
    ['no JSON', '{', /JSON/],
    ['no experiment', '[1]', /not an experiment/],
    ['a field of another type', '{"name":"x","kind":"fault","kafka":4}', /kafka/],
    ['a kind of another day', '{"name":"x","kind":"share-groups"}', undefined],
  ])('%s', (_what, text, words) => {
    const path = join(FOLDER, 'bad.json')
    writeFileSync(path, text)
    const { pass, error } = calibrateFile(path, 1)
    if (words === undefined) expect([pass, error]).toEqual([null, undefined])
    else expect([pass, error]).toEqual([false, expect.stringMatching(words)])
  })
})

describe('fields of a fault file', () => {
  const KILL = [
    { at_s: 0, do: 'kill', nodes: [1] },
    { at_s: 20, do: 'start', nodes: [1], note: 'by hand' },
  ]

  it('acks as a number, a controller that nobody noted, remarks', () => {
    const found = faultFile('leader-kill', KILL, (file) => {
      file.producer.acks = 1
      file.note = 'made again'
      file.measured[0].active_controller = null
    })
    expect(found.get('ack_latency_p50_before_ms')).toBeLessThan(15)
  })

  it('a run whose log was not kept, and no host for its client', () => {
    const found = faultFile('leader-kill', KILL, (file) => {
      delete file.measured[0].controller_log_ms
      delete file.client_hosts
    })
    expect(found.get('gap_ends_ms')).toBeGreaterThan(5_000)
    expect([...found.keys()].filter((name) => name.startsWith('occurs'))).toEqual([])
  })

  it('a setting as it is by default asks for nothing', () => {
    const found = faultFile('leader-kill', KILL, (file) => {
      file.broker_config['num.io.threads'] = 8
      Object.assign(file.producer.config, { 'compression.type': 'none', 'client.id': 'p' })
    })
    expect(found.get(FENCED)).toBeLessThan(11_000)
  })

  it('other brokers, sessions, releases', () => {
    const found = faultFile('leader-kill', KILL, (file) => {
      file.kafka = '3.9.1'
      file.network.rtt_ms = { 'r2-r1': 20, 'r1-r3': 90, 'r3-r2': 80 }
      file.broker_config['broker.session.timeout.ms'] = 6000
    })
    expect(found.get(FENCED)).toBeLessThan(7500)
  })

  it.each([
    ['NETWORK_EXCEPTION', 'NetworkException'],
    ['DELIVERY_TIMEOUT', 'TimeoutException'],
    ['BUFFER_EXHAUSTED', 'BufferExhaustedException'],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'NotEnoughReplicasAfterAppendException'],
    ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'OutOfOrderSequenceException'],
  ])('%s is what the Java client calls %s', (error, name) => {
    expect(exceptionName(error)).toBe(name)
  })
})

describe('what happens to an active controller', () => {
  const failover = (steps: readonly object[], sequence?: string) =>
    figuresOf('controller-kill', (file) => {
      file.timeline = steps
      if (sequence !== undefined) file.sequence = sequence
    })

  it.each<[string, readonly object[], number, number]>([
    [
      'isolated',
      [
        { at_s: 0, do: 'isolate', hosts: ['host:active-controller'] },
        { at_s: 12, do: 'rejoin', hosts: ['same'] },
      ],
      1500,
      5500,
    ],
    [
      'paused',
      [
        { at_s: 0, do: 'pause', nodes: ['active-controller'] },
        { at_s: 12, do: 'resume', nodes: ['same'] },
      ],
      1500,
      5500,
    ],
    [
      'terminated, started when somebody else leads',
      [
        { at_s: 0, do: 'terminate', nodes: ['active-controller'] },
        { at_s: 'when there is a new leader', do: 'start', nodes: ['killed'] },
      ],
      50,
      1000,
    ],
  ])('%s', (_what, steps, from, to) => {
    const found = failover(steps)
    expect(found.get('new_leader_ms')).toBeGreaterThan(from)
    expect(found.get('new_leader_ms')).toBeLessThan(to)
  })

  it('voters whose numbers a broker might have, and nobody who starts the killed one again', () => {
    const found = figuresOf('controller-kill', (file) => {
      for (const [i, voter] of file.voters.entries()) voter.id = i + 1
      file.timeline = file.timeline.slice(0, 1)
    })
    expect(found.get('new_leader_ms')).toBeGreaterThan(1500)
    expect(found.get('new_leader_ms')).toBeLessThan(5500)
  })

  it('a new cluster for each run, a figure that was not taken', () => {
    const found = figuresOf('controller-kill', (file) => {
      file.sequence = 'each run has a new cluster'
      for (const run of file.measured) run.elections = null
    })
    expect(found.get('new_leader_ms')).toBeGreaterThan(1500)
    expect(found.has('elections')).toBe(false)
  })
})

describe('cases and flows', () => {
  const latency = (change: (one: File, file: File) => void) =>
    figuresOf('mm2-latency-a', (file) => {
      file.cases = [file.cases[1]]
      file.how.seconds = 5
      change(file.cases[0], file)
    }).get('p50') ?? Number.NaN

  it('a case may set what mm2.properties can; a worker reads what is addressed to it', () => {
    const usual = latency(() => {})
    expect(latency((one) => set(one, 'B.producer.linger.ms', 60))).toBeGreaterThan(usual + 20)
    expect(latency((one) => set(one, 'offset.flush.interval.ms', 1000))).toBe(usual)
    expect(() => latency((one) => set(one, 'weather', 'bad'))).toThrow(/weather/)
  })

  it('several workers, tasks and partitions', () => {
    const found = latency((one, file) => {
      // Without it the workers cannot tell each other what their connectors want to run.
      set(one, 'dedicated.mode.enable.internal.rest', true)
      file.flow = file.flow
        .replace('one worker', 'two workers')
        .replace('tasks.max 1', 'tasks.max 2')
        .replace('one partition', 'three partitions')
    })
    expect(found).toBeGreaterThan(15)
    expect(found).toBeLessThan(80)
  })

  it('the member of another region is killed', () => {
    const found = figuresOf('coordinator', (file) => {
      file.measured = file.measured.slice(0, 1)
      const run = file.measured[0]
      delete run.member_r3_killed_at_ms
      run.member_r2_killed_at_ms = 20_000
      run.events = [[31_000, 'member r3', 'assigned', '']]
    })
    // 10 s of session after its last heartbeat, and a rebalance.
    expect(found.get('member r3 assigned')).toBeGreaterThan(26_000)
    expect(found.get('member r3 assigned')).toBeLessThan(34_000)
  })

  it('counts in the words of how', () => {
    const found = figuresOf('loss', (file) => {
      file.cases = [file.cases[0]]
      file.how = { client: 'a new process a case', closed: '60 records, the first 10 left out' }
      file.cases[0].note = 'without loss'
    })
    expect(found.get('p50')).toBeGreaterThan(50)
    expect(found.get('p50')).toBeLessThan(60)
  })
})

function set(target: File, name: string, value: string | number | boolean): void {
  target[name] = value
}
