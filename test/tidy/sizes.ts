import type { SourceFile } from './source-code.ts'

/** A function found in a source file. */
export interface FunctionSize {
  readonly path: string
  readonly line: number
  readonly lines: number
}

// The formatter puts a body's closing brace at the indentation of the statement that opens it, so
// a function's extent can be read from the indentation alone.
const OPENS = /(?:=>|\)(?:: [^=]+)?) \{$/
const NO_FUNCTION = /^\s*(?:\} )?(?:if|else|for|while|do|switch|catch|try|class|export class)\b/

/** Every function, method and arrow body of a file with the number of lines it spans. */
export function functionSizes(file: SourceFile): FunctionSize[] {
  const sizes: FunctionSize[] = []
  file.code.forEach((text, index) => {
    const line = text.trimEnd()
    if (!OPENS.test(line)) return
    const indent = indentOf(line)
    const first = startOf(file.code, index, indent)
    if (NO_FUNCTION.test(file.code[first] ?? '')) return
    const last = file.code.findIndex(
      (other, i) => i > index && indentOf(other) === indent && other.trimStart().startsWith('}'),
    )
    sizes.push({ path: file.path, line: first + 1, lines: last - first + 1 })
  })
  return sizes
}

/** A signature over several lines ends in a line that starts with its closing parenthesis. */
function startOf(code: readonly string[], index: number, indent: number): number {
  if (!/^\s*\)/.test(code[index] ?? '')) return index
  for (let i = index - 1; i >= 0; i--) {
    if ((code[i] ?? '').trim() !== '' && indentOf(code[i] ?? '') === indent) return i
  }
  return index
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
