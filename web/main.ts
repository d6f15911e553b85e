// The page: one result, one moment of it, and the views that show both.

import type {
  ApiError,
  PartitionView,
  RunResult,
  ScenarioSummary,
  TimelineEvent,
} from '../src/contract.ts'
import { listScenarios, Refusal, readScenario, runScenario } from './api.ts'
import { drawCharts } from './charts.ts'
import { byId, el } from './dom.ts'
import { eventRows, whyPanel } from './events.ts'
import { duration, VERDICT } from './format.ts'
import { drawMap } from './map.ts'
import { Player } from './player.ts'
import { drawReplicas } from './replicas.ts'
import { type Facts, factsOfRun, scenarioFacts } from './scenario.ts'
import { drawTimeline, type TimelineDrawing, timeScale } from './timeline.ts'
import { verdictCards } from './verdicts.ts'

const page = {
  status: byId('status', HTMLElement),
  toCompare: byId('to-compare', HTMLAnchorElement),
  controls: byId('controls', HTMLFormElement),
  seed: byId('seed', HTMLInputElement),
  run: byId('run', HTMLButtonElement),
  scenario: byId('scenario', HTMLSelectElement),
  question: byId('question', HTMLElement),
  answer: byId('answer', HTMLElement),
  facts: byId('facts', HTMLElement),
  text: byId('text', HTMLTextAreaElement),
  problems: byId('problems', HTMLElement),
  map: byId('map', HTMLElement),
  timeline: byId('timeline', HTMLElement),
  partition: byId('partition', HTMLSelectElement),
  verdicts: byId('verdicts', HTMLElement),
  charts: byId('charts', HTMLElement),
  replicas: byId('replicas', HTMLElement),
  replicasTitle: byId('replicas-title', HTMLElement),
  events: byId('events', HTMLElement),
  why: byId('why', HTMLElement),
}

/** The scenario to begin with, where the library has it. */
const FIRST = 'q05-active-controller-region'

let result: RunResult | null = null
let drawing: TimelineDrawing | null = null
/** The library's text of the chosen scenario, to tell whether it was edited. */
let libraryText = ''
let chosen: ScenarioSummary | null = null
const player = new Player(showMoment)

async function start(): Promise<void> {
  page.controls.addEventListener('submit', (submitted) => {
    submitted.preventDefault()
    run()
  })
  page.scenario.addEventListener('change', () => choose(page.scenario.value))
  page.partition.addEventListener('change', drawAll)
  new ResizeObserver(drawAll).observe(page.timeline)
  byId('written', HTMLDetailsElement).open = matchMedia('(min-width: 720px)').matches
  const scenarios = await listScenarios()
  page.scenario.replaceChildren(...scenarios.map(({ name }) => el('option', { value: name }, name)))
  const wanted = new URLSearchParams(location.hash.slice(1))
  const names = scenarios.map(({ name }) => name)
  const first = wanted.get('scenario') ?? names.find((name) => name === FIRST) ?? names[0]
  if (first !== undefined) await choose(first, wanted.get('seed') ?? undefined)
}

/** Shows a scenario of the library and runs it. */
async function choose(name: string, seed?: string): Promise<void> {
  const { summary, yaml, seed: ownSeed } = await readScenario(name)
  page.scenario.value = name
  chosen = summary
  introduce(summary.question ?? name, summary.answer, summary)
  page.seed.value = seed ?? ownSeed
  page.text.value = yaml
  libraryText = yaml
  await run()
}

function introduce(question: string, answer: string | null, facts: Facts): void {
  page.question.textContent = question
  page.answer.textContent = answer ?? ''
  page.facts.replaceChildren(...scenarioFacts(facts))
}

async function run(): Promise<void> {
  page.run.disabled = true
  page.status.textContent = 'running …'
  page.problems.replaceChildren()
  const edited = page.text.value !== libraryText
  const what = edited ? { yaml: page.text.value } : { scenario: page.scenario.value }
  try {
    const next = await runScenario({ ...what, seed: page.seed.value })
    const { question, answer } = edited || chosen === null ? next : chosen
    const facts = edited || chosen === null ? factsOfRun(next) : chosen
    introduce(question ?? next.scenario, answer, facts)
    show(next)
    // The address leads back to what is shown, unless that was edited here.
    const address = new URLSearchParams({ scenario: page.scenario.value, seed: page.seed.value })
    history.replaceState(null, '', edited ? '#' : `#${address}`)
    const beside = new URLSearchParams({ design: page.scenario.value, seed: page.seed.value })
    page.toCompare.href = `compare.html#${beside}`
  } catch (error) {
    page.status.textContent = 'this did not run'
    const problems = error instanceof Refusal ? error.problems : []
    const message = error instanceof Error ? error.message : String(error)
    page.problems.replaceChildren(...problemLines(message, problems))
  } finally {
    page.run.disabled = false
  }
}

function problemLines(message: string, problems: ApiError['problems']): HTMLElement[] {
  if (problems.length === 0) return [el('p', {}, message)]
  return problems.map(({ line, path, message: what, fix }) => {
    // What is wrong with the text as a whole stands on no line.
    const where = [...(line === 0 ? [] : [`line ${line}`]), ...(path === '' ? [] : [path])]
    const head = where.length === 0 ? [] : [el('b', {}, `${where.join(' ')}: `)]
    return el('p', {}, ...head, what, fix === null ? '' : `; ${fix}`)
  })
}

function show(next: RunResult): void {
  result = next
  const events = `${duration(next.clock.endMs)} simulated, seed ${next.seed}`
  page.status.textContent = `${VERDICT[next.verdict]}: ${events}`
  page.verdicts.replaceChildren(...verdictCards(next))
  const options = next.partitions.map(({ partition }) => el('option', {}, partition))
  page.partition.replaceChildren(...options)
  page.partition.disabled = options.length < 2
  page.partition.value = next.rto.produce.worst ?? next.partitions[0]?.partition ?? ''
  page.events.replaceChildren(...eventRows(next, (event) => player.moveTo(event.atMs), showWhy))
  page.why.replaceChildren()
  drawCharts(page.charts, next)
  player.load(next, next.rto.produce.backAtMs ?? next.clock.faultAtMs ?? 0)
  drawAll()
}

function chosenPartition(): PartitionView | undefined {
  return result?.partitions.find(({ partition }) => partition === page.partition.value)
}

/** Draws what depends on the width of the page, then the moment upon it. */
function drawAll(): void {
  if (result === null) return
  const pixels = page.timeline.clientWidth
  drawing = drawTimeline(result, chosenPartition(), pixels)
  page.timeline.replaceChildren(drawing.element)
  const scale = timeScale(result, pixels)
  player.align(scale.left, scale.width)
  showMoment(player.nowMs)
}

function showMoment(ms: number): void {
  if (result === null) return
  const partition = chosenPartition()
  drawing?.moveTo(ms)
  page.map.replaceChildren(drawMap(result, partition, ms, page.map.clientWidth))
  if (partition !== undefined) {
    page.replicasTitle.textContent = `${partition.partition} at ${(ms / 1_000).toFixed(3)} s`
    page.replicas.replaceChildren(drawReplicas(partition, ms, page.replicas.clientWidth))
  }
  markCurrent(result.timeline.findLastIndex((event) => event.atMs <= ms))
}

/** Marks the row of the last event up to now and scrolls the list, never the page, to it. */
function markCurrent(index: number): void {
  const row = page.events.children[index]
  page.events.querySelector('.current')?.classList.remove('current')
  row?.classList.add('current')
  if (row instanceof HTMLElement) {
    page.events.scrollTop = row.offsetTop - page.events.clientHeight / 2
  }
}

function showWhy(event: TimelineEvent): void {
  if (result === null) return
  player.moveTo(event.atMs)
  page.why.replaceChildren(whyPanel(result, event))
}

start().catch((error) => {
  page.status.textContent = `the lab does not answer: ${error}`
})
