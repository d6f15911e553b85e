/** The field of that name in data of which nothing is known yet; undefined where it has none. */
export function fieldOf(data: unknown, name: string | number): unknown {
  return hasFields(data) && Object.hasOwn(data, name) ? data[name] : undefined
}

/** Whether data is a list, each item of which is what `isOne` looks for. */
export function isListOf<T>(
  data: unknown,
  isOne: (item: unknown) => item is T,
): data is readonly T[] {
  return Array.isArray(data) && data.every(isOne)
}

function hasFields(data: unknown): data is Readonly<Record<string | number, unknown>> {
  return typeof data === 'object' && data !== null
}
