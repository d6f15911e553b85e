import { describe, expect, it } from 'vitest'
import { banOffenders, ENGINE_BANS, TYPE_BANS } from './bans.ts'
import { layerOffenders } from './layers.ts'
import { functionSizes } from './sizes.ts'
import { sourceFile } from './source-code.ts'
import { unusedExports } from './unused-exports.ts'

const engineOffenders = (text: string) =>
  banOffenders([sourceFile('src/kafka/x.ts', text)], ENGINE_BANS)
const typeOffenders = (text: string) => banOffenders([sourceFile('src/x.ts', text)], TYPE_BANS)

describe('the tidy checks bite', () => {
  it.each([
    'const x = Math.random()',
    'const x = Date.now()',
    'setTimeout(next, 1)',
    'async function f() {}',
    'const x = Math.exp(2)',
    'const x = 2 ** 0.5',
    'names.sort((a, b) => a.localeCompare(b))',
  ])('on %s in the engine', (text) => {
    expect(engineOffenders(text)).toHaveLength(1)
  })

  it.each(['let x: any', 'const x = y as any', 'return map.get(k)!', 'enum Colour { Red }'])(
    'on %s anywhere',
    (text) => {
      expect(typeOffenders(text)).toHaveLength(1)
    },
  )

  it('but not on words in comments and strings, or on honest code', () => {
    expect(engineOffenders("// Math.random\n/* Date */ const x = 'await ' + `Date`")).toEqual([])
    expect(engineOffenders('process.start(); Math.floor(x / 2)')).toEqual([])
    expect(typeOffenders('if (!a && b !== c && !(d)) e(!f) // any!')).toEqual([])
  })

  it('on an import that climbs or crosses the house', () => {
    const offenders = (path: string, module: string) =>
      layerOffenders([sourceFile(path, `import type { X } from '${module}'`)])
    expect(offenders('src/sim/x.ts', '../kafka/ids.ts')).toHaveLength(1)
    expect(offenders('src/check/rpo.ts', '../kafka/ids.ts')).toHaveLength(1)
    expect(offenders('src/lab/run.ts', 'node:fs')).toHaveLength(1)
    expect(offenders('src/attic/x.ts', './y.ts')).toHaveLength(1)
    expect(offenders('src/kafka/log/x.ts', '../../sim/time.ts')).toEqual([])
    expect(offenders('src/cli/run.ts', 'node:fs')).toEqual([])
  })

  it('on an export that only its own file names', () => {
    const [a, b] = [
      sourceFile(
        'src/a.ts',
        '// used, lonely\nexport const used = 1\nexport function lonely() {}\n',
      ),
      sourceFile('src/b.ts', "import { used } from './a.ts'\nconst told = 'lonely'\n"),
    ]
    expect(unusedExports([a, b], [a, b])).toEqual(['src/a.ts: nobody imports lonely'])
  })

  it('on the length of a function, its signature included', () => {
    const file = sourceFile('src/x.ts', 'function f(\n  a: number,\n): void {\n  g(a)\n}\n')
    expect(functionSizes(file)).toEqual([{ path: 'src/x.ts', line: 1, lines: 5 }])
  })
})
