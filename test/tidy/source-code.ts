import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root folder, with a trailing slash. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** One file of the project, read once. */
export interface SourceFile {
  /** Path from the project's root, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
  /** The lines with every comment, string and regular expression blanked out. */
  readonly code: readonly string[]
}

/** Every file below the given folders whose name ends in one of the endings, in path order. */
export function sourceFiles(folders: readonly string[], endings = ['.ts']): SourceFile[] {
  const paths = folders.flatMap((folder) => walk(join(ROOT, folder)))
  return paths
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .sort()
    .map(readSource)
}

/** The modules that a file imports or re-exports, types included, with their line numbers. */
export function importsOf(file: SourceFile): { module: string; line: number }[] {
  const found: { module: string; line: number }[] = []
  const statement = /(?:\bfrom\s*|^\s*import\s*|\bimport\s*\(\s*)'([^']+)'/g
  for (const match of file.text.matchAll(new RegExp(statement, 'gm'))) {
    const line = file.text.slice(0, match.index).split('\n').length
    if (isCode(file, line)) found.push({ module: match[1] ?? '', line })
  }
  return found
}

/** Whether an import on this line is one, and not the words of a comment or a string. */
function isCode(file: SourceFile, line: number): boolean {
  return /\b(?:from|import)\b/.test(file.code[line - 1] ?? '')
}

function walk(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name === 'node_modules' || entry.name === 'dist') return []
      const path = join(folder, entry.name)
      return entry.isDirectory() ? walk(path) : [path]
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function readSource(path: string): SourceFile {
  return sourceFile(relative(ROOT, path).replaceAll('\\', '/'), readFileSync(path, 'utf8'))
}

/** A source file from its text. */
export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, lines: text.split('\n'), code: blankOut(text).split('\n') }
}

// Longest first: a comment or a string is taken whole, so that a quote inside a comment opens
// nothing. A regular expression is told from a division by what stands before it.
const TOKENS = new RegExp(
  [
    /\/\/[^\n]*/, // a comment to the end of the line
    /\/\*[\s\S]*?\*\//, // a comment between marks
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/, // a string
    /`(?:\\[\s\S]|\$\{[^}]*\}|[^`\\])*`/, // a template
    /(?<=[=(,:;!&|?[{}\n]\s*|return )\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/\w*/,
  ]
    .map((pattern) => pattern.source)
    .join('|'),
  'g',
)

/** Replaces what is not code by blanks; what stands inside a template's ${} stays. */
function blankOut(text: string): string {
  return text.replace(TOKENS, (token) => {
    if (token.startsWith('`')) {
      return token.replace(/(\$\{[^}]*\})|[^\n]/g, (_, hole) => hole ?? ' ')
    }
    return token.startsWith("'") || token.startsWith('"')
      ? `'${' '.repeat(token.length - 2)}'`
      : token.replace(/[^\n]/g, ' ')
  })
}
