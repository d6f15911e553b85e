// Models: which settings of a topic its copy gets.
// Leaves out: use.defaults.from source, filters of one's own.
// Source: DefaultConfigPropertyFilter, MirrorSourceConnector.targetConfig.

import { NameFilter } from './name-filter.ts'

export class CopiedConfigs {
  readonly #names: NameFilter

  /**
   * @param exclude config.properties.exclude
   * @throws SyntaxError where it is no list of regular expressions
   */
  constructor(exclude: string) {
    this.#names = new NameFilter('.*', exclude)
  }

  /** What a topic sets itself, without what is never copied. */
  of(own: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(own).filter(([name]) => this.#names.accepts(name)))
  }
}
