// Kind mm2-translation: how far back a group would go that failed over at some moment, and how far
// the translated offset stays behind once the group has stopped.

import type { Cluster } from '../../../../src/kafka/cluster.ts'
import { SECOND } from '../../../../src/sim/time.ts'
import { World } from '../../../../src/sim/world.ts'
import { numbersIn } from '../case-settings.ts'
import { DEFAULT_TOLERANCE, type FigureVerdict, judgeFigure } from '../pass-rule.ts'
import { drawSpan } from '../steps.ts'
import { copyOf, endsOf, MirrorRig, producerOf, regionOf, TOPIC } from './mirror-rig.ts'
import type { MirrorTranslation } from './schemas.ts'

const GROUP = 'billing'
/** Of a worker's process, as mm2-kill tells. */
const PROCESS_START_S: [number, number] = [4, 8]

interface Seen {
  readonly behind: readonly number[]
  /** True position minus the translated one, after the group has stopped. */
  readonly leftBehind: number
}

export function calibrateMirrorTranslation(
  file: MirrorTranslation,
  seeds: number,
): FigureVerdict[] {
  const tolerance = { ...DEFAULT_TOLERANCE, ...file.tolerance }
  const runs = file.measured.flatMap(({ backlog_before_mm2 }) =>
    Array.from({ length: seeds }, (_, seed) => simulate(file, backlog_before_mm2, seed + 1)),
  )
  const behind = file.measured.flatMap((run) => run.behind_records_while_running)
  const left = file.measured.map(({ group_stopped }) => group_stopped.true_B - group_stopped.B)
  const simulated = runs.flatMap((run) => run.behind)
  return [
    judgeFigure('behind_records_while_running', '', 'count', behind, simulated, tolerance),
    judgeFigure(
      'true_B - B after the stop',
      '',
      'count',
      left,
      runs.map((run) => run.leftBehind),
      tolerance,
    ),
  ]
}

function simulate(file: MirrorTranslation, hasBacklog: boolean, seed: number): Seen {
  const { how, rate_per_s: rate } = file
  const { source } = endsOf(file)
  const [commitEvery] = [
    /every second/.test(how.group) ? 1 : numbersIn(how.group, /every (\d+) s/, file.name)[0],
  ]
  const [skew] = numbersIn(how.skew, /about ([\d.]+) s later/, file.name)
  const [after] = numbersIn(how.group_stopped, /(\d+) s after/, file.name)
  const [backlog] = numbersIn(how.backlog_before_mm2, /([\d,]+) records/, file.name)
  // The worker is launched with the producer, or behind the backlog, and finds the group when it
  // looks for groups.
  const startup = drawSpan(PROCESS_START_S, new World({ seed: `${seed}` }).random.fork('startup'))
  const workerStart = (hasBacklog ? backlog / rate : 0) + startup
  const samples = file.measured[0]?.behind_records_while_running.length ?? 0
  const stop = how.first_sample_s + (samples - 1) * how.between_samples_s + skew
  const member = {
    ...{ name: 'member', cluster: source, region: regionOf(file, source), topic: TOPIC },
    ...{ commit: { every: `${commitEvery}s`, sync: true } },
    config: {
      'group.id': GROUP,
      'enable.auto.commit': false,
      'auto.offset.reset': 'earliest',
    },
  }
  const load = { name: 'producer', rate, start: 0, stop: stop + after }
  const rig = new MirrorRig(
    file,
    {
      producers: [producerOf(file, load)],
      consumers: [member],
      link: { start: `${workerStart.toFixed(3)}s` },
    },
    seed,
  )
  const behind: number[] = []
  for (let i = 0; i < samples; i++) {
    const at = how.first_sample_s + i * how.between_samples_s
    rig.simulation.advance(at * SECOND)
    const here = committedAt(rig, source, TOPIC)
    rig.simulation.advance(Math.round((at + skew) * SECOND))
    behind.push(here - committedAt(rig, endsOf(file).target, copyOf(file)))
  }
  rig.simulation.world.processes.get('member')?.terminate()
  rig.simulation.advance(Math.round((stop + after) * SECOND))
  const truth = committedAt(rig, source, TOPIC)
  return { behind, leftBehind: truth - committedAt(rig, endsOf(file).target, copyOf(file)) }
}

/** What the group has committed for the topic's first partition; 0 where nothing. */
function committedAt({ simulation }: MirrorRig, name: string, topic: string): number {
  const { cluster } = simulation.clusterOf(name)
  const partition = cluster.topics.indexOf(topic, 0) ?? -1
  return committedOffset(cluster, partition)
}

function committedOffset(cluster: Cluster, partition: number): number {
  for (const node of cluster.nodes.values()) {
    for (const shard of node.role?.broker.groups.shards ?? []) {
      const found = shard.offsets.fetch(GROUP, [partition])[0]
      if (found !== undefined && found.offset >= 0) return found.offset
    }
  }
  return 0
}
