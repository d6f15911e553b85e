import { expect, it } from 'vitest'
import { run } from '../../src/lab/run.ts'
import { markdownReport } from '../../src/report/markdown.ts'
import { scenarioOf } from '../../src/scenario/parse.ts'

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
