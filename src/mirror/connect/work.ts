// Models: what a Connect cluster has to do: connectors, and the tasks of each.
// Leaves out: nothing.
// Source: WorkerCoordinator.ConnectorsAndTasks, org.apache.kafka.connect.util.ConnectorTaskId.

/** A task, as text: its connector and its number. */
export type TaskId = string

/** ConnectorTaskId: a task has no name of its own. */
export function taskId(connector: string, index: number): TaskId {
  return `${connector}-${index}`
}

/** The connector and the number of a task. */
export function taskParts(id: TaskId): { readonly connector: string; readonly index: number } {
  const dash = id.lastIndexOf('-')
  return { connector: id.slice(0, dash), index: Number(id.slice(dash + 1)) }
}

/** By connector, then by number. */
export function compareTasks(a: TaskId, b: TaskId): number {
  const one = taskParts(a)
  const other = taskParts(b)
  if (one.connector !== other.connector) return one.connector < other.connector ? -1 : 1
  return one.index - other.index
}

/** Some of it, in order. */
export interface Work {
  readonly connectors: readonly string[]
  readonly tasks: readonly TaskId[]
}

export const NO_WORK: Work = { connectors: [], tasks: [] }

/** Neither a connector nor a task: nothing to start, to stop or to give away. */
export function isNoWork({ connectors, tasks }: Work): boolean {
  return connectors.length === 0 && tasks.length === 0
}

/** What is in `work` and in none of the others. */
export function without(work: Work, ...others: readonly Work[]): Work {
  const connectors = new Set(others.flatMap((other) => other.connectors))
  const tasks = new Set(others.flatMap((other) => other.tasks))
  return {
    connectors: work.connectors.filter((one) => !connectors.has(one)),
    tasks: work.tasks.filter((one) => !tasks.has(one)),
  }
}

/** What is in both, in the order of the first. */
export function inBoth(work: Work, other: Work): Work {
  return without(work, without(work, other))
}

/** Everything once, in the order of first mention. */
export function together(works: Iterable<Work>): Work {
  const connectors = new Set<string>()
  const tasks = new Set<TaskId>()
  for (const work of works) {
    for (const one of work.connectors) connectors.add(one)
    for (const one of work.tasks) tasks.add(one)
  }
  return { connectors: [...connectors], tasks: [...tasks] }
}
