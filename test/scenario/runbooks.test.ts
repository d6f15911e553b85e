import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'
import { movingText } from '../lab/clients/two-clusters.ts'

/** What is wrong with a runbook of these steps. */
function problemsOf(
  steps: string,
  more: Parameters<typeof movingText>[0] = {},
  detect = '{at: 1s}',
) {
  const runbooks = `\n  - {name: one, detect: ${detect}, steps: [${steps}]}\n`
  const { problems } = parseScenario(movingText({ ...more, runbooks }), 'runbook.yaml')
  return problems.map(({ message }) => message)
}

describe('a runbook in a file', () => {
  it('may name clients, clusters and endpoints that exist', () => {
    const endpoints = '{kafka: {cluster: A}}'
    const steps = 'repoint: {endpoint: kafka, to: B}'
    expect(
      problemsOf(`{${steps}}, {move-clients: {clients: [shop], to: B}}`, { endpoints }),
    ).toEqual([])
  })

  it.each([
    ['{repoint: {endpoint: kafka, to: B}}', 'unknown endpoint "kafka"'],
    ['{move-clients: {clients: [shop], to: C}}', 'unknown cluster "C"'],
    ['{stop-clients: {clients: [nobody]}}', 'unknown client "nobody"'],
    ['{stop-link: {link: dr}}', 'unknown replicator "dr"'],
    ['{mirror-failover: {link: dr}}', 'unknown cluster link "dr"'],
    ['{wait-until: {copied: dr}}', 'unknown link "dr"'],
    ['{wait-until: {writable: {cluster: B, topic: none}}}', 'unknown topic "none"'],
    ['{takes: 1s}', 'the step names nothing to do'],
    ['{manual: {what: a}, repoint: {endpoint: k, to: B}}', 'it names manual and repoint'],
  ])('is refused with %s', (step, message) => {
    expect(problemsOf(step).join('\n')).toContain(message)
  })

  it('is set off by exactly one thing', () => {
    const both = '{at: 1s, probe: {cluster: A, region: app}}'
    for (const detect of ['{}', both]) {
      const found = problemsOf('{manual: {what: a}}', {}, detect).join('\n')
      expect(found).toContain('exactly one of at, probe and mirror')
    }
    const nowhere = '{probe: {cluster: A, region: mars}}'
    expect(problemsOf('{manual: {what: a}}', {}, nowhere).join()).toContain('unknown region "mars"')
  })
})

describe('the bootstrap addresses of a client', () => {
  it('lead to the cluster that the client names, if it names one', () => {
    const text = movingText({ client: 'cluster: B, bootstrap: [A, B]' })
    const { problems } = parseScenario(text, 'seeds.yaml')
    expect(problems.map(({ message }) => message).join()).toContain('leads to A, not to B')
  })

  it('are clusters and endpoints', () => {
    const { problems } = parseScenario(movingText({ client: 'bootstrap: moon' }), 'seeds.yaml')
    expect(problems.map(({ message }) => message).join()).toContain('"moon"')
  })
})
