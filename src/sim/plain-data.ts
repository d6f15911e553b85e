/** The field of that name in data of which nothing is known yet; undefined where it has none. */
export function fieldOf(data: unknown, name: string | number): unknown {
  return hasFields(data) && Object.hasOwn(data, name) ? data[name] : undefined
}

function hasFields(data: unknown): data is Readonly<Record<string | number, unknown>> {
  return typeof data === 'object' && data !== null
}
