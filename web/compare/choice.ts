// The form in which designs, seeds and the number of runs are chosen.

import { letterOf } from '../../src/report/comparison/words.ts'
import { byId, el } from '../dom.ts'
import { type Choice, COLUMNS_MAX } from './address.ts'
import { letter } from './colours.ts'

/** The form; `onSubmit` hears of a choice to be run. */
export class ChoiceForm {
  private readonly form = byId('choice', HTMLFormElement)
  private readonly columns = byId('columns', HTMLElement)
  private readonly add = byId('add', HTMLButtonElement)
  private readonly same = byId('same', HTMLElement)
  private readonly seed = byId('seed', HTMLInputElement)
  private readonly runs = byId('runs', HTMLSelectElement)
  private readonly library: readonly string[]
  private choice: Choice

  constructor(library: readonly string[], choice: Choice, onSubmit: (choice: Choice) => void) {
    this.library = library
    this.choice = choice
    this.form.addEventListener('submit', (submitted) => {
      submitted.preventDefault()
      onSubmit(this.read())
    })
    for (const radio of this.form.querySelectorAll<HTMLInputElement>('input[name=kind]')) {
      radio.addEventListener('change', () => this.show(turned(this.read(), radio.value)))
    }
    this.add.addEventListener('click', () => this.show(this.longer(this.read())))
    this.show(choice)
  }

  /** Fills the form with a choice. */
  show(choice: Choice): void {
    this.choice = choice
    for (const radio of this.form.querySelectorAll<HTMLInputElement>('input[name=kind]')) {
      radio.checked = radio.value === choice.kind
    }
    const isDesigns = choice.kind === 'designs'
    this.columns.replaceChildren(...(isDesigns ? this.designRows(choice.scenarios) : []))
    if (!isDesigns) this.columns.append(...this.seedRows(choice.scenario, choice.seeds))
    const count = isDesigns ? choice.scenarios.length : choice.seeds.length
    this.add.disabled = count >= COLUMNS_MAX
    this.add.textContent = isDesigns ? 'Add a design' : 'Add a seed'
    this.same.hidden = !isDesigns
    if (!isDesigns) return
    this.seed.value = choice.seed
    const runs = String(choice.runs)
    const isListed = [...this.runs.options].some(({ value }) => value === runs)
    if (!isListed) this.runs.append(el('option', {}, runs))
    this.runs.value = runs
  }

  /** What the form says now. */
  private read(): Choice {
    const values = [
      ...this.columns.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[name=column]'),
    ].map(({ value }) => value)
    if (this.choice.kind === 'designs') {
      const [seed, runs] = [this.seed.value.trim(), Number(this.runs.value)]
      return { kind: 'designs', scenarios: values, seed, runs }
    }
    const [scenario = '', ...seeds] = values
    return { kind: 'seeds', scenario, seeds }
  }

  private longer(choice: Choice): Choice {
    if (choice.kind === 'designs') {
      const next = this.library.find((name) => !choice.scenarios.includes(name)) ?? ''
      return { ...choice, scenarios: [...choice.scenarios, next] }
    }
    const numbers = choice.seeds.map(Number).filter((n) => Number.isSafeInteger(n))
    return { ...choice, seeds: [...choice.seeds, String(Math.max(0, ...numbers) + 1)] }
  }

  private designRows(scenarios: readonly string[]): HTMLElement[] {
    return scenarios.map((name, i) => {
      const label = `Design ${letterOf(i)}`
      return this.row(i, this.scenarioSelect(label, name), scenarios.length > 2)
    })
  }

  private seedRows(scenario: string, seeds: readonly string[]): HTMLElement[] {
    const inputs = seeds.map((seed, i) => {
      const label = `Seed ${letterOf(i)}`
      const input = el('input', { name: 'column', value: seed, 'aria-label': label })
      input.autocomplete = 'off'
      return this.row(i, input, seeds.length > 2)
    })
    return [el('li', {}, this.scenarioSelect('Scenario', scenario)), ...inputs]
  }

  private row(i: number, control: HTMLElement, isSpare: boolean): HTMLElement {
    const remove = () => {
      control.removeAttribute('name')
      this.show(this.read())
    }
    const label = `Take ${letterOf(i)} out`
    const button = el('button', { type: 'button', 'aria-label': label, onclick: remove }, '×')
    return el('li', {}, letter(i), control, ...(isSpare ? [button] : []))
  }

  private scenarioSelect(label: string, chosen: string): HTMLSelectElement {
    const select = el(
      'select',
      { name: 'column', 'aria-label': label },
      ...this.library.map((name) => el('option', { value: name }, name)),
    )
    select.value = chosen
    return select
  }
}

/** The same in the other kind, as far as it goes. */
function turned(choice: Choice, kind: string): Choice {
  if (choice.kind === kind) return choice
  if (choice.kind === 'designs') {
    const [scenario = ''] = choice.scenarios
    const first = choice.seed === '' ? '1' : choice.seed
    return { kind: 'seeds', scenario, seeds: [first, first === '2' ? '3' : '2'] }
  }
  const { scenario, seeds } = choice
  return { kind: 'designs', scenarios: [scenario, scenario], seed: seeds[0] ?? '', runs: 1 }
}
