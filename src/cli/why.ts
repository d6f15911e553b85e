// why: the causes behind what a run lost, how long it stood, one event of it, or one record's end.

import { Command, Option } from 'commander'
import type { RunResult } from '../contract.ts'
import { explanationText } from '../report/explanation.ts'
import { lifeText, whyText } from '../report/why.ts'
import { usageError } from '../scenario/usage-error.ts'
import { followedOf, resultOf } from './job.ts'
import { findScenario } from './library.ts'
import { readCount, seedOption } from './options.ts'
import type { Verb } from './terminal.ts'

const HELP = `
Without --event it explains every loss, the outage that decided the recovery time, what was written
twice, whom an authorizer refused, and what ended or held up a link.
Ids of events stand in the JSON result. A record is named by its producer, its partition and its
number, counted from 0 in the order of sending.

Examples:
  $ highwater why q12-isolated-leader-acks1
  $ highwater why q12-isolated-leader-acks1 --record shop/orders-0/1000
  $ highwater why my.yaml --seed 7 --event 41
`

export const whyVerb: Verb = (edge) =>
  new Command('why')
    .description('causes, back to the fault')
    .argument('<file>', 'a scenario, by path or name')
    .addOption(seedOption())
    .addOption(
      new Option('--event <id>', 'explain this event').argParser((text) => readCount(text, 1e9)),
    )
    .addOption(new Option('--record <name>', 'tell what became of this record').conflicts('event'))
    .addHelpText('after', HELP)
    .action((given: string, { seed, event, record }: Options) => {
      const job = { file: findScenario(given), seed: seed ?? null, until: null }
      if (record !== undefined) {
        const { result, life } = followedOf(job, record)
        edge.terminal.out(lifeText(result, life))
        return
      }
      const result = resultOf(job)
      edge.terminal.out(event === undefined ? explanationText(result) : explainEvent(result, event))
    })

interface Options {
  readonly seed?: string
  readonly event?: number
  readonly record?: string
}

function explainEvent(result: RunResult, event: number): string {
  const text = whyText(result, event)
  if (text !== '') return text
  const fix = 'ids stand in `highwater run FILE --json`, under timeline'
  throw usageError('the run has no such event', fix, String(event))
}
