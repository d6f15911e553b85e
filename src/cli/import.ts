// import: a scenario from files that people own already.

import { existsSync, statSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { importFiles } from '../scenario/import/import.ts'
import { usageError } from '../scenario/usage-error.ts'
import { readText } from './library.ts'
import type { Edge, Verb } from './terminal.ts'

const HELP = `
It reads, in any number of files and order:
  Strimzi        Kafka, KafkaNodePool, KafkaTopic, KafkaUser and KafkaMirrorMaker2, v1 and v1beta2
  Kafka          server.properties, one file a node; mm2.properties of connect-mirror-maker;
                 a script with kafka-mirror-maker.sh, and the two files that it names
  Confluent      placement constraints (JSON), each for a topic named after its file
  tc netem       lines of commands: delay, jitter, loss, rate
  Chaos Mesh     NetworkChaos, alone or in a Schedule: partition, delay, loss, bandwidth

They describe one cluster, or with MirrorMaker among them the clusters that it names: a Kafka
resource or a server.properties is of the cluster whose bootstrap servers it answers to.

What such files do not say stands in the scenario as PLACEHOLDER; what a scenario cannot say is
listed at its head and on the terminal. Values of settings that the model does not use are not
copied, so that no password travels.

Examples:
  $ highwater import kafka.yaml --out scenario.yaml
  $ highwater import broker-*.properties netem.sh | highwater validate /dev/stdin
  $ highwater import mirror.sh consumer.properties producer.properties --out scenario.yaml
  $ highwater import mm2.properties east-*.properties west-*.properties --out scenario.yaml
  $ highwater import kafka.yaml partition.yaml --out scenario.yaml && highwater run scenario.yaml

Exit code: 0 when a scenario came out, 2 when a file cannot be read.
`

export const importVerb: Verb = (edge) =>
  new Command('import')
    .description('make a scenario from files of Strimzi, Kafka, Confluent, tc or Chaos Mesh')
    .argument(
      '<file...>',
      'files that describe clusters, the flows between them and what happens to them',
    )
    .option('--out <file>', 'write the scenario there (default: print it)')
    .addHelpText('after', HELP)
    .action((paths: string[], options: { out?: string }) => importPaths(edge, paths, options.out))

function importPaths({ terminal }: Edge, paths: readonly string[], out?: string): void {
  const files = paths.map((path) => {
    if (existsSync(path) && statSync(path).isFile()) return { path, text: readText(path, path) }
    throw usageError(`there is no file ${path}`, 'give the path of a file', path)
  })
  if (out !== undefined && existsSync(out)) {
    throw usageError(`${out} is there already`, 'name another file, or remove it first', out)
  }
  const { text, leftOut, assumed } = importFiles(files)
  for (const line of assumed) terminal.err(`assumed: ${line}\n`)
  for (const line of leftOut) terminal.err(`not carried over: ${line}\n`)
  if (out === undefined) {
    terminal.out(text)
    return
  }
  writeFileSync(out, text)
  terminal.out(`${out}: valid; look at the lines marked PLACEHOLDER before you run it\n`)
}
