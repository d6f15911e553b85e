// The library in groups that take about as long as one another to play.

import { LIBRARY, type LibraryFile } from '../support/library.ts'

/** By group, in the order of their names. */
export const GROUPS = {
  oneCluster: questions(1, 15),
  links: questions(16, 22),
  linksAndPeople: questions(23, 29),
  topologies: LIBRARY.filter(({ name }) => name.startsWith('topology-')),
} as const

/** Files that answer the questions with these numbers. */
function questions(first: number, last: number): LibraryFile[] {
  return LIBRARY.filter(({ name }) => {
    const number = Number(/^q(\d\d)-/.exec(name)?.[1] ?? Number.NaN)
    return number >= first && number <= last
  })
}
