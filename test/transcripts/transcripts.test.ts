// Each file of stories/ is played, command by command; `UPDATE=1 npx vitest run test/transcripts`
// writes down what came of them. Review the difference: it is what changed in the protocol.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { ClusterStage } from './cluster-stage.ts'
import { GroupStage } from './group-stage.ts'
import type { Stage } from './stage.ts'
import { type Command, parseStory, writeStory } from './transcript.ts'

const FOLDER = fileURLToPath(new URL('./stories/', import.meta.url))
const STORIES = readdirSync(FOLDER).sort()

it.each(STORIES)('%s happens as it is told', (name) => {
  const text = readFileSync(FOLDER + name, 'utf8')
  const story = parseStory(text)
  const [first] = story.steps
  if (first === undefined) throw new Error(`${name} has no commands`)
  const stage = stageFor(first.command)
  const outputs = story.steps.map(({ command }) => stage.play(command).join('\n'))
  const played = writeStory(story, outputs)
  if (process.env.UPDATE === '1') writeFileSync(FOLDER + name, played)
  else expect(played).toBe(text)
})

it('there are a dozen stories and more, none too long to read', () => {
  const lengths = STORIES.map((name) => readFileSync(FOLDER + name, 'utf8').split('\n').length)
  expect(STORIES.length).toBeGreaterThanOrEqual(12)
  expect(lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(120)
})

function stageFor(command: Command): Stage {
  switch (command.verb) {
    case 'cluster':
      return new ClusterStage(command)
    case 'coordinator':
      return new GroupStage(command)
    default:
      throw new Error(`line ${command.line}: a story begins with "cluster" or "coordinator"`)
  }
}
