// Builds the two pages into a folder: a script each, one style sheet. A page that runs fetches
// nothing from elsewhere.
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** Builds the page into `folder`, which is made if it does not exist. */
export async function buildPage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const file of ['index.html', 'compare.html', 'icon.svg']) {
    cpSync(join(HERE, file), join(folder, file))
  }
  await build({
    entryPoints: {
      main: join(HERE, 'main.ts'),
      compare: join(HERE, 'compare/main.ts'),
      style: join(HERE, 'style.css'),
    },
    outdir: folder,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    minify: true,
    logLevel: 'warning',
  })
}

if (argv[1] === fileURLToPath(import.meta.url)) await buildPage(join(HERE, '../dist/web'))
