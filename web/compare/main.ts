// The comparison page: what is chosen, what came of it, and the moment that the curves show.

import type { ComparedRun, ComparedRuns, CompareRequest } from '../../src/contract/compared-runs.ts'
import { compareDesigns, listScenarios, Refusal } from '../api.ts'
import { byId, el } from '../dom.ts'
import { moment, VERDICT } from '../format.ts'
import { addressOf, type Choice, choiceOf } from './address.ts'
import { decision, headCards } from './answer.ts'
import { ChoiceForm } from './choice.ts'
import { clockOf, drawLanes, type LanesDrawing } from './lanes.ts'
import { differencesTable, figureTables } from './tables.ts'
import { twinTable } from './twin.ts'

const page = {
  status: byId('status', HTMLElement),
  toLab: byId('to-lab', HTMLAnchorElement),
  problems: byId('problems', HTMLElement),
  answer: byId('answer', HTMLElement),
  heads: byId('heads', HTMLElement),
  decision: byId('decision', HTMLElement),
  tables: byId('tables', HTMLElement),
  differences: byId('differences', HTMLElement),
  clockTitle: byId('clock-title', HTMLElement),
  lanes: byId('lanes', HTMLElement),
  moment: byId('moment', HTMLInputElement),
  twin: byId('twin', HTMLElement),
}

let shown: readonly ComparedRun[] = []
let drawing: LanesDrawing | null = null
/** Gives up the comparison that is under way. */
let underWay = new AbortController()

async function start(): Promise<void> {
  const library = (await listScenarios()).map(({ name }) => name)
  const wanted = () => choiceOf(location.hash.slice(1), library)
  const form = new ChoiceForm(library, wanted(), (choice) => {
    const address = `#${addressOf(choice)}`
    if (location.hash === address) return void ask(choice)
    location.hash = address
  })
  addEventListener('hashchange', () => {
    form.show(wanted())
    ask(wanted())
  })
  page.moment.addEventListener('input', () => showMoment(Number(page.moment.value)))
  page.lanes.addEventListener('pointerdown', pick)
  new ResizeObserver(draw).observe(page.lanes)
  await ask(wanted())
}

/** Compares one run of each at once, then over as many as were asked for. */
async function ask(choice: Choice): Promise<void> {
  underWay.abort()
  underWay = new AbortController()
  const { signal } = underWay
  page.problems.replaceChildren()
  try {
    if (choice.kind === 'seeds')
      return show(await compare(requestOf(choice, 1), 'running …', signal))
    show(await compare(requestOf(choice, 1), 'running …', signal))
    if (choice.runs === 1) return
    show(
      await compare(
        requestOf(choice, choice.runs),
        `one run each; running ${choice.runs} …`,
        signal,
      ),
    )
  } catch (error) {
    if (signal.aborted) return
    refuse(error)
  }
}

function compare(
  request: CompareRequest,
  status: string,
  signal: AbortSignal,
): Promise<ComparedRuns> {
  page.status.textContent = status
  page.answer.setAttribute('aria-busy', 'true')
  return compareDesigns(request, signal)
}

function requestOf(choice: Choice, runs: number): CompareRequest {
  if (choice.kind === 'seeds') {
    return { designs: [{ scenario: choice.scenario }], seeds: choice.seeds }
  }
  const designs = choice.scenarios.map((scenario) => ({ scenario }))
  return { designs, runs, ...(choice.seed === '' ? {} : { seed: choice.seed }) }
}

function refuse(error: unknown): void {
  page.status.textContent = 'this did not run'
  page.answer.removeAttribute('aria-busy')
  const problems = error instanceof Refusal ? error.problems : []
  const lines = problems.map(
    ({ file, line, path, message }) => `${file}:${line} ${path}: ${message}`,
  )
  const message = error instanceof Error ? error.message : String(error)
  page.problems.replaceChildren(
    ...(lines.length === 0 ? [message] : lines).map((text) => el('p', {}, text)),
  )
}

function show({ comparison, shown: runs }: ComparedRuns): void {
  const { seeds, designs, varies, verdict } = comparison
  const [first, last] = [seeds[0] ?? '', seeds[seeds.length - 1] ?? '']
  const over = varies === 'seed' || seeds.length > 1 ? `seeds ${first} to ${last}` : `seed ${first}`
  page.status.textContent = `${VERDICT[verdict]}: ${designs.length} side by side, ${over}`
  page.answer.removeAttribute('aria-busy')
  page.heads.replaceChildren(headCards(comparison))
  page.decision.replaceChildren(decision(comparison))
  page.tables.replaceChildren(...figureTables(comparison))
  page.differences.replaceChildren(...differencesTable(comparison))
  page.answer.dataset.columns = String(designs.length)
  page.clockTitle.textContent = varies === 'seed' ? 'On one clock' : `On one clock, seed ${first}`
  page.twin.replaceChildren(twinTable(runs))
  const alone = new URLSearchParams({ scenario: designs[0]?.scenario ?? '', seed: first })
  page.toLab.href = `./#${alone}`
  shown = runs
  page.moment.max = String(Math.max(...runs.map(({ clock }) => clock.endMs)))
  page.moment.value = String(runs[0]?.rto.produce.backAtMs ?? runs[0]?.clock.faultAtMs ?? 0)
  draw()
}

/** Draws what depends on the width of the page. */
function draw(): void {
  const pixels = page.lanes.clientWidth
  if (shown.length === 0 || pixels === 0) return
  const scale = clockOf(shown, pixels)
  drawing = drawLanes(shown, scale, pixels)
  page.lanes.replaceChildren(drawing.element)
  page.moment.style.marginLeft = `${scale.left - 8}px`
  page.moment.style.width = `${scale.width + 16}px`
  showMoment(Number(page.moment.value))
}

function showMoment(ms: number): void {
  page.moment.setAttribute('aria-valuetext', `${moment(ms)} seconds`)
  drawing?.moveTo(ms)
}

/** A press upon the curves chooses their moment. */
function pick(event: PointerEvent): void {
  const scale = clockOf(shown, page.lanes.clientWidth)
  const x = event.clientX - page.lanes.getBoundingClientRect().left
  const share = Math.min(Math.max((x - scale.left) / scale.width, 0), 1)
  page.moment.value = String(Math.round(share * scale.endMs))
  showMoment(Number(page.moment.value))
}

start().catch((error) => {
  page.status.textContent = `the lab does not answer: ${error}`
})
