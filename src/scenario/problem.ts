// What is wrong with a file, one entry a defect, with the place and the way out.

export type Severity = 'error' | 'warning'
export type Path = readonly (string | number)[]

export interface Problem {
  readonly file: string
  /** 1-based; 0 when the defect has no place in the text. */
  readonly line: number
  readonly column: number
  /** 'cluster.brokers[2].region'; '' for the file as a whole. */
  readonly path: string
  /** The offending value as text, cut where it is long; '' for none. */
  readonly value: string
  readonly message: string
  readonly fix: string
  readonly severity: Severity
}

/** A defect before it has a place. */
export interface Finding {
  readonly path: Path
  readonly value?: unknown
  readonly message: string
  readonly fix: string
  readonly severity?: Severity
  /** What kind of name nothing bears; such a finding may stand though other parts are broken. */
  readonly reference?: string
  /** Said only where nothing more precise is said about the same place or below it. */
  readonly isVague?: boolean
}

const VALUE_LENGTH_MAX = 80

/** 'topics[0].config["min.insync.replicas"]' */
export function formatPath(path: Path): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else if (/^[A-Za-z_$][\w$-]*$/.test(part)) text += text === '' ? part : `.${part}`
    else text += `[${JSON.stringify(part.slice(0, VALUE_LENGTH_MAX))}]`
  }
  return text
}

/** A value as it may be shown in a message. */
export function formatValue(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? `a list of ${value.length}` : 'a mapping'
  }
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length <= VALUE_LENGTH_MAX ? text : `${text.slice(0, VALUE_LENGTH_MAX)}…`
}

/** 'file.yaml:12:5: topics[0].partitions: expected an integer, not "x". Fix: …' */
export function formatProblem(problem: Problem): string {
  const { file, line, column, path, value, message, fix, severity } = problem
  const place = line > 0 ? `${file}:${line}:${column}` : file
  const where = path === '' ? '' : ` ${path}:`
  const what = value === '' ? message : `${message} (found ${value})`
  return `${place}: ${severity}:${where} ${what}\n  fix: ${fix}`
}
