import { build } from 'esbuild'
import { ROOT } from '../tidy/source-code.ts'

/** A module's text and all that it imports, from the project's root, as one script without Node. */
export async function browserScript(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    format: 'iife',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}
