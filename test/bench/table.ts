// The figures as a table for people.

import type { BenchFigures, Measured } from './figures.ts'
import type { HoldRatio } from './hold-ratio.ts'
import { SIZES, type Size } from './timed-run.ts'

const WHAT: Readonly<Record<Size, string>> = {
  small: '3 brokers, 1 partition, 20 s',
  medium: '3 regions, 9 brokers, 60 partitions, 120 s',
  large: '5 regions, 30 brokers, 1,000 partitions, 60 s',
  mixed: '5 regions, 4 linked clusters, 120 s',
}

/** Lines of a report, ending with a line break. */
export function tableOf({ figures, hold }: Measured): string {
  const { growth } = figures
  const lines = [
    'Kernel, hold operations                             million a s   ÷ C++   ÷ flatqueue',
    ...hold.map(holdLine),
    '',
    'Model                                             sim s ÷ wall s     runs a second',
    ...SIZES.map((size) => sizeLine(size, figures)),
    ...Object.entries(figures.simSecondsPerWallSecondOfMixed).map(([rate, speed]) =>
      row(`mixed at ${rate} records a second, not 500`, speed.toFixed(1)),
    ),
    row('events a second, medium', (figures.modelEventsPerSecond / 1e6).toFixed(2), 'million'),
    '',
    'Medium, time when one thing doubles (2 is linear)',
    row('partitions', growth.partitions.toFixed(2)),
    row('rate', growth.rate.toFixed(2)),
    row('duration', growth.duration.toFixed(2)),
    '',
    row('two workers ÷ one', figures.workerSpeedup.toFixed(2)),
    row('two bare loops ÷ one', figures.workerSpeedupOfLoops.toFixed(2)),
    row('peak memory', figures.peakMemoryMb.toFixed(0), 'MB'),
  ]
  return `${lines.join('\n')}\n`
}

/** C++ is `std::priority_queue`, compiled on the spot; without g++ there is no such figure. */
function holdLine({ n, ours, peer, ratio }: HoldRatio): string {
  const name = `  ${`${n.toLocaleString('en')} pending`.padEnd(50)}${ours.toFixed(1).padStart(12)}`
  const native = ratio === null ? 'no g++' : ratio.toFixed(2)
  return `${name}${native.padStart(8)}${(ours / peer).toFixed(2).padStart(14)}`
}

function sizeLine(size: Size, figures: BenchFigures): string {
  const speed = figures.simSecondsPerWallSecond[size].toFixed(1)
  const runs = figures.runsPerSecond[size].toFixed(2)
  return `  ${`${size}: ${WHAT[size]}`.padEnd(50)}${speed.padStart(12)}${runs.padStart(18)}`
}

function row(name: string, value: string, unit = ''): string {
  return `  ${name.padEnd(50)}${value.padStart(12)} ${unit}`.trimEnd()
}
