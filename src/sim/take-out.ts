import { lastOf } from './last-of.ts'

/**
 * Takes one element out of a list, if it is there. Most often it came first or last, and a splice
 * would make an array for what it takes.
 */
export function takeOut<T>(list: T[], element: T): void {
  if (lastOf(list) === element) list.pop()
  else if (list[0] === element) list.shift()
  else {
    const at = list.indexOf(element)
    if (at >= 0) list.splice(at, 1)
  }
}
