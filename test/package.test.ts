import { execFile, spawn } from 'node:child_process'
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from './tidy/source-code.ts'

const execute = promisify(execFile)
// Below node_modules, so that the unpacked package finds its dependencies without a network.
const folder = mkdtempSync(join(ROOT, 'node_modules/.highwater-package-'))
const unpacked = join(folder, 'package')
const SCENARIO = 'q05-active-controller-region'
const SMALL = `
duration: 8s
settle: 0s
regions: { home: {} }
cluster: { brokers: { home: 1 }, controllers: { home: 1 } }
topics: [{ name: orders, partitions: 1, replicationFactor: 1 }]
producers: [{ name: shop, region: home, topic: orders, rate: 10/s }]
faults: [{ at: 2s, pause: broker-1, for: 2s }]
objectives: { rto.produce: 1s }
`
let files: string[] = []

beforeAll(async () => {
  await execute('npm', ['run', 'build'], { cwd: ROOT })
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const { stdout } = await execute('npm', pack, { cwd: ROOT })
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[]
  files = packed?.files.map(({ path }) => path) ?? []
  await execute('tar', ['-xzf', join(folder, packed?.filename ?? ''), '-C', folder])
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the unpacked package's program; its exit code and what it printed. */
async function highwater(...words: string[]) {
  const program = join(unpacked, 'dist/cli/main.js')
  try {
    const { stdout } = await execute(process.execPath, [program, ...words], {
      cwd: folder,
      maxBuffer: 1e8,
    })
    return { code: 0, stdout }
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string }
    return { code, stdout }
  }
}

it('a program that was built again may be executed: npx keeps a link to it', () => {
  accessSync(join(ROOT, 'dist/cli/main.js'), constants.X_OK)
})

describe('the packed package', () => {
  it('holds the program, the page, the types, the scenarios and the licence, no sources', () => {
    const needed = ['dist/cli/main.js', 'dist/web/index.html', 'dist/web/main.js', 'LICENSE']
    expect(files).toEqual(expect.arrayContaining([...needed, `scenarios/${SCENARIO}.yaml`]))
    expect(files.filter((path) => /^(src|test|web)\//.test(path))).toEqual([])
  })

  it('has types and code behind every export', () => {
    const manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'))
    const targets = JSON.stringify(manifest.exports).match(/dist\/[\w./*-]+/g) ?? []
    expect(targets.length).toBeGreaterThan(3)
    const examples = { report: 'text', testing: 'scenario' }
    const paths = targets.map((target) =>
      target.replace(/(report|testing)\/\*/, (_, room: keyof typeof examples) => {
        return `${room}/${examples[room]}`
      }),
    )
    expect(files).toEqual(expect.arrayContaining(paths))
  })

  it('gives programs the same run through its door', async () => {
    const door = join(unpacked, 'dist/lab/index.js')
    const { run, scenarioOf } = await import(/* @vite-ignore */ door)
    const text = readFileSync(join(unpacked, `scenarios/${SCENARIO}.yaml`), 'utf8')
    const { stdout } = await highwater('run', SCENARIO, '--seed', '8', '--json')
    expect(run(scenarioOf(text, SCENARIO), '8').digest).toBe(JSON.parse(stdout).digest)
  })

  it('runs the program that the README shows', async () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
    const [, program = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? []
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(unpacked, join(folder, 'node_modules/highwater'))
    writeFileSync(join(folder, 'program.mjs'), program)
    writeFileSync(join(folder, 'my.yaml'), SMALL)
    const { stdout } = await execute(process.execPath, ['program.mjs'], { cwd: folder })
    const { stdout: json } = await highwater('run', 'my.yaml', '--seed', '7', '--json')
    expect(stdout).toContain(JSON.parse(json).digest)
    expect(stdout).toContain('without its faults: met')
  })

  it('runs a scenario, and several seeds on threads give what single runs give', async () => {
    const single = await highwater('run', SCENARIO, '--seed', '8', '--json')
    const several = await highwater('run', SCENARIO, '--seed', '7', '--seeds', '2', '--json')
    expect([0, 1, 3]).toContain(single.code)
    const { runs } = JSON.parse(several.stdout)
    expect(runs[1].digest).toBe(JSON.parse(single.stdout).digest)
  })

  it('serves the page at an address that it prints, and runs what the page asks for', async () => {
    const program = join(unpacked, 'dist/cli/main.js')
    const server = spawn(process.execPath, [program, 'serve', '--port', '0'])
    try {
      const line = await new Promise<string>((resolve) =>
        server.stdout.once('data', (data: Buffer) => resolve(data.toString())),
      )
      const url = /http:\/\/[\d.:]+/.exec(line)?.[0] ?? ''
      expect(await (await fetch(url)).text()).toContain('<title>Highwater</title>')
      const request = { method: 'POST', headers: { 'content-type': 'application/json' } }
      const body = JSON.stringify({ scenario: SCENARIO })
      const response = await fetch(`${url}/api/run`, { ...request, body })
      expect(await response.json()).toMatchObject({ scenario: SCENARIO })
    } finally {
      server.kill()
    }
  })
})
