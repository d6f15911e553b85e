import { keysOf, whole } from './closed-table.ts'

/**
 * A copy of a plain object, made key by key. Engines give each object that was put together by
 * spreading others a hidden class of its own, and code that reads many such objects stays slow;
 * copies with the same keys in the same order share one. For settings that are read all the time.
 */
export function oneShape<T extends object>(settings: T): T {
  const copy: Partial<T> = {}
  for (const key in settings) copy[key] = settings[key]
  return whole(copy, keysOf(settings))
}
