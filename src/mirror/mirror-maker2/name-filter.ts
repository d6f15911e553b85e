// Models: a list of names to take and one of names to leave, both of regular expressions.
// Leaves out: what Java's regular expressions have and JavaScript's have not.
// Source: MirrorUtils.compilePatternList, DefaultTopicFilter, DefaultGroupFilter.

/** A whole name must match. An empty list to take takes nothing. */
export class NameFilter {
  readonly #include: RegExp | null
  readonly #exclude: RegExp | null

  /**
   * @param include names and expressions with commas between them
   * @param exclude as well; wins
   * @throws SyntaxError where a list is no regular expression
   */
  constructor(include: string, exclude: string) {
    this.#include = compiled(include)
    this.#exclude = compiled(exclude)
  }

  /** What is to be left wins. */
  accepts(name: string): boolean {
    return (this.#include?.test(name) ?? false) && !(this.#exclude?.test(name) ?? false)
  }
}

/** One expression that a whole name must match; null for an empty list, which matches nothing. */
function compiled(list: string): RegExp | null {
  const patterns = list.split(',').map((pattern) => pattern.trim())
  if (patterns.length === 1 && patterns[0] === '') return null
  return new RegExp(`^(?:${patterns.join('|')})$`)
}
