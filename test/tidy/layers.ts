import { posix } from 'node:path'
import { importsOf, type SourceFile } from './source-code.ts'

/** What the files of one layer may import: paths below src, and packages by name. */
interface Layer {
  readonly paths: readonly string[]
  readonly packages: readonly string[]
}

// The layers of the house. A path ending in a slash is a folder. A layer may always import itself.
// The kernel and the model never see a platform; only the two edges see Node.
const LAYERS: Record<string, Layer> = {
  'sim/': { paths: [], packages: ['seedrandom'] },
  'kafka/': { paths: ['sim/'], packages: [] },
  'registry/': {
    paths: [
      ...[
        'sim/',
        'kafka/clients/',
        'kafka/group-messages.ts',
        'kafka/ids.ts',
        'kafka/id-ranges.ts',
      ],
      ...['kafka/internal-record-ids.ts', 'kafka/messages.ts', 'mirror/cluster-port.ts'],
      ...['mirror/followed-topic.ts', 'mirror/single-call.ts'],
    ],
    packages: [],
  },
  'mirror/': {
    paths: [
      ...['sim/', 'kafka/clients/', 'kafka/network/', 'kafka/settings/', 'kafka/admin-messages.ts'],
      ...['kafka/errors.ts', 'kafka/group-messages.ts', 'kafka/ids.ts', 'kafka/id-ranges.ts'],
      ...['kafka/internal-record-ids.ts', 'kafka/hash-order.ts'],
      ...['kafka/messages.ts', 'kafka/metadata/topic-partitions.ts', 'kafka/version.ts'],
      'kafka/metadata/acls.ts',
      ...['kafka/broker/mirror-port.ts', 'kafka/metadata/mirror-records.ts'],
      ...['kafka/mirror-messages.ts', 'kafka/group-messages.ts', 'kafka/groups/offsets-topic.ts'],
    ],
    packages: [],
  },
  'faults/': { paths: ['sim/'], packages: ['zod'] },
  'runbook/': { paths: ['sim/', 'faults/'], packages: ['zod'] },
  'workload/': {
    paths: ['sim/', 'kafka/clients/', 'kafka/network/', 'kafka/ids.ts', 'history.ts', 'history/'],
    packages: [],
  },
  'history.ts': { paths: ['sim/time.ts', 'history/'], packages: [] },
  'history/': { paths: ['sim/time.ts', 'sim/closed-table.ts'], packages: [] },
  'check/': { paths: ['history.ts', 'history/', 'sim/time.ts'], packages: [] },
  'contract.ts': {
    paths: ['check/figures.ts', 'check/judgement.ts', 'check/links/judgement.ts', 'contract/'],
    packages: [],
  },
  'contract/': { paths: ['check/judgement.ts', 'contract.ts'], packages: [] },
  'scenario/': {
    paths: [
      ...['kafka/settings/', 'kafka/version.ts', 'kafka/ids.ts', 'faults/', 'sim/time.ts'],
      ...['sim/closed-table.ts', 'sim/plain-data.ts', 'sim/long-text.ts'],
      'kafka/network/record-sizes.ts',
      ...['runbook/', 'mirror/mirror-maker1/options.ts', 'mirror/brooklin/config.ts'],
      ...['mirror/mirror-maker2/guards.ts', 'mirror/mirror-maker2/name-filter.ts'],
      'mirror/cluster-mirror/filters.ts',
      ...['mirror/mirus/topic-list.ts', 'mirror/replicator/replicated-topics.ts'],
    ],
    packages: ['zod', 'yaml'],
  },
  'lab/': {
    paths: [
      ...['sim/', 'kafka/', 'mirror/', 'registry/', 'faults/', 'runbook/', 'workload/'],
      ...['check/', 'scenario/'],
      ...['history.ts', 'history/', 'contract.ts'],
    ],
    packages: [],
  },
  'report/': { paths: ['contract.ts'], packages: [] },
  'testing/': {
    paths: [
      ...['scenario/', 'lab/', 'check/', 'contract.ts', 'history.ts', 'history/'],
      ...['faults/catalogue.ts', 'kafka/errors.ts', 'kafka/version.ts', 'sim/closed-table.ts'],
    ],
    packages: ['fast-check'],
  },
  'cli/': {
    paths: [
      ...['lab/', 'scenario/', 'report/', 'server/', 'contract.ts', 'contract/'],
      ...['faults/quantity.ts', 'faults/target-text.ts'],
    ],
    packages: ['commander', 'node:'],
  },
  'server/': {
    paths: ['lab/', 'scenario/', 'report/', 'contract.ts', 'contract/'],
    packages: ['express', 'node:'],
  },
}

/** Every import that crosses the house in a direction that the table does not list. */
export function layerOffenders(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const path = file.path.replace(/^src\//, '')
    const name = layerOf(path)
    const layer = LAYERS[name]
    if (layer === undefined) return [`${file.path}: belongs to no layer of test/tidy/layers.ts`]
    return importsOf(file)
      .filter(({ module }) => !isAllowed(name, layer, path, module))
      .map(({ module, line }) => `${file.path}:${line}: ${name} may not import '${module}'`)
  })
}

function layerOf(path: string): string {
  const slash = path.indexOf('/')
  return slash === -1 ? path : path.slice(0, slash + 1)
}

function isAllowed(name: string, layer: Layer, from: string, module: string): boolean {
  if (!module.startsWith('.')) {
    return layer.packages.some((p) => module === p || (p.endsWith(':') && module.startsWith(p)))
  }
  const target = posix.join(posix.dirname(from), module)
  if (target.startsWith(name)) return true
  return layer.paths.some(
    (path) => target === path || (path.endsWith('/') && target.startsWith(path)),
  )
}
