// Names that may say of which cluster they are: 'orders', or 'eu:orders' where there are several.

interface Named {
  readonly name: string
}

export interface QualifiedName {
  /** null where the name stands alone. */
  readonly cluster: string | null
  readonly name: string
}

/** The parts of 'eu:orders'. */
export function qualified(text: string): QualifiedName {
  const at = text.indexOf(':')
  if (at < 0) return { cluster: null, name: text }
  return { cluster: text.slice(0, at), name: text.slice(at + 1) }
}

/** The clusters that a name may mean, in their order: one, or all where it stands alone. */
export function meantBy<C extends Named>(clusters: readonly C[], cluster: string | null): C[] {
  return clusters.filter(({ name }) => cluster === null || name === cluster)
}
