// serve: the lab as a page, on this machine only unless another host is named.

import { existsSync } from 'node:fs'
import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { Command, Option } from 'commander'
import { usageError } from '../scenario/usage-error.ts'
import { createApp } from '../server/app.ts'
import { labPort } from './lab-port.ts'
import { DEFAULT_SCENARIO } from './library.ts'
import { readCount } from './options.ts'
import { runVerb } from './run.ts'
import type { Edge, Verb } from './terminal.ts'

/** The built page; the same from src/cli and from dist/cli. */
const PAGE = fileURLToPath(new URL('../../dist/web', import.meta.url))
const PORT = 4560

const HELP = `
Examples:
  $ highwater serve
  $ highwater serve --port 0                       any free port; it prints which
  $ highwater serve --run                          run the default scenario first
`

interface ServeOptions {
  readonly host: string
  readonly port: number
  readonly run?: boolean | string
}

export const serveVerb: Verb = (edge) =>
  new Command('serve')
    .description('serve the page')
    .addOption(
      new Option('--port <port>', 'where to listen; 0 is any free port')
        .default(PORT)
        .argParser((text) => (text === '0' ? 0 : readCount(text, 65_535))),
    )
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--run [file]', 'run a scenario first and print its verdict')
    .addHelpText('after', HELP)
    .action(async (options: ServeOptions) => {
      if (!existsSync(PAGE)) throw usageError('the page is not built', 'npm run build')
      if (options.run !== undefined) await runFirst(edge, options.run)
      const server = await listen(options)
      edge.terminal.out(`Highwater is at ${addressOf(server)} (Ctrl-C ends it)\n`)
      await new Promise((resolve) => server.once('close', resolve))
    })

async function runFirst(edge: Edge, given: string | boolean): Promise<void> {
  const file = typeof given === 'string' ? given : DEFAULT_SCENARIO
  await runVerb(edge).parseAsync([file], { from: 'user' })
  edge.terminal.out('\n')
}

function listen({ host, port }: ServeOptions): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createApp(labPort, PAGE).listen(port, host)
    server.once('listening', () => resolve(server))
    server.once('error', (error: NodeJS.ErrnoException) => {
      const fix = 'end what listens there, or take any free port: --port 0'
      if (error.code !== 'EADDRINUSE') return reject(error)
      return reject(usageError(`port ${port} is taken`, fix, String(port)))
    })
  })
}

function addressOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') return String(address)
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}
