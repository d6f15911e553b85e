// What every page is held to. These functions run in the page, and so use nothing around them.

/** Runs in the page: visible texts with less contrast than 4.5 to 1, with their colours. */
export function faintTexts(): string[] {
  const parse = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number)
  const channel = (value: number) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  const luminance = ([r = 0, g = 0, b = 0]: number[]) =>
    0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
  const background = (element: Element | null): number[] => {
    if (element === null) return [255, 255, 255]
    const colour = parse(getComputedStyle(element).backgroundColor)
    return colour.length === 3 || colour[3] === 1 ? colour : background(element.parentElement)
  }
  const faint: string[] = []
  for (const element of document.querySelectorAll('body *:not(svg *)')) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent?.trim())
    if (!own || element.getClientRects().length === 0) continue
    const [text, behind] = [parse(getComputedStyle(element).color), background(element)]
    const [a, b] = [luminance(text), luminance(behind)]
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${element.textContent?.slice(0, 40)}`)
  }
  return faint
}

/** Runs in the page: controls that a screen reader could not name. */
export function namelessControls(): string[] {
  return [...document.querySelectorAll('button, select, input, textarea, summary')]
    .filter((element) => {
      const labels = (element as HTMLInputElement).labels?.length ?? 0
      return !element.ariaLabel && labels === 0 && !element.textContent?.trim()
    })
    .map((element) => element.outerHTML)
}
