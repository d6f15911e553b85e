/**
 * `text` with another number where `line` finds one; `of` makes it of the one that is there. A text
 * without such a line is a bug of the bench.
 */
export function withNumber(text: string, line: RegExp, of: (number: number) => number): string {
  const found = line.exec(text)
  if (found === null) throw new Error(`the scenario has no line ${line}`)
  const [whole, number] = found
  const changed = whole.slice(0, -(number?.length ?? 0)) + String(of(Number(number)))
  return text.slice(0, found.index) + changed + text.slice(found.index + whole.length)
}
