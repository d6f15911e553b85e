import { expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { markdownReport } from '../../src/report/markdown.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'
import { changed } from './minimal.ts'

const NOTED = `
duration: 1s
settle: 0s
regions: { us: {} }
cluster: { brokers: { us: 1 }, controllers: { us: 2 } }
topics: [{ name: orders, replicationFactor: 1, config: { cleanup.policy: compact } }]
`

it('a result tells what is not modelled apart from what is worth knowing', () => {
  const { notModelled, notes } = run(scenarioOf(NOTED, 'x.yaml'), '1')
  expect(notModelled).toEqual([
    {
      subject: 'topics[0].config["cleanup.policy"]',
      text: 'cleanup.policy is not modelled: no effect',
    },
  ])
  expect(notes.map(({ subject, text }) => `${subject}: ${text}`)).toEqual([
    'cluster.controllers: 2 voters need 2 alive: no better than one voter less',
  ])
})

it('each kind stands under a heading of its own', () => {
  const text = markdownReport(run(scenarioOf(NOTED, 'x.yaml'), '1'))
  const after = (title: string) => text.split(`## ${title}\n\n`)[1]?.split('\n')[0]
  expect(after('Not modelled in this run')).toContain('cleanup.policy')
  expect(after('Noted about the scenario')).toContain('2 voters need 2 alive')
})

it.each([
  ['3.7', 'metadata.recovery.strategy: rebootstrap', '3.8'],
  ['3.9', 'metadata.recovery.rebootstrap.trigger.ms: 20000', '4.0'],
  ['3.6', 'retry.backoff.max.ms: 5000', '3.7'],
])(
  'a release before it passes over a setting, and the file is told: %s, %s',
  (version, own, since) => {
    const config = (text: string) => {
      const { scenario } = changed(
        'rate: 100/s',
        `rate: 100/s, config: { ${text} }`,
        `version: '${version}'\n`,
      )
      return { config: scenario?.producers[0]?.config, notes: scenario?.notes }
    }
    const plain = config('')
    const told = config(own)
    expect(told.config).toEqual(plain.config)
    expect(told.notes).toContainEqual({
      kind: 'remark',
      path: `producers[0].config["${own.split(':')[0]}"]`,
      message: `no effect: Kafka has it from ${since} on`,
    })
  },
)
