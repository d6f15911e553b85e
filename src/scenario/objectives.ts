// The closed list of what a scenario may promise: name, unit, direction and meaning. The figures
// themselves are computed by check/.

import { keysOf } from '../sim/closed-table.ts'

export type ObjectiveUnit = 'records' | 'bytes' | 'micros' | 'fraction' | 'usd'
export type ObjectiveDirection = 'at-most' | 'at-least'

export interface ObjectiveRule {
  readonly unit: ObjectiveUnit
  readonly direction: ObjectiveDirection
  readonly doc: string
}

const most = (unit: ObjectiveUnit, doc: string): ObjectiveRule => ({
  unit,
  direction: 'at-most',
  doc,
})

export const OBJECTIVES = {
  'rpo.records': most('records', 'Acknowledged records that are gone in the end.'),
  'rpo.bytes': most('bytes', 'Size of the acknowledged records that are gone in the end.'),
  'rpo.seconds': most('micros', 'From the first lost record’s acknowledgement to the fault.'),
  'rpo.age': most('micros', 'Acknowledgement times: last acked minus newest that survived.'),
  'rto.produce': most('micros', 'From a fault to the first acknowledgement after its outage.'),
  'rto.consume': most('micros', 'From a fault to the first new record delivered after its outage.'),
  'rto.control': most('micros', 'From a fault to an active controller that commits again.'),
  'rto.steady': most('micros', 'From a fault until load, latency and ISR are as before it.'),
  'produce.p50': most('micros', 'Median from handing over a record to its acknowledgement.'),
  'produce.p95': most('micros', '95th percentile from hand-over to acknowledgement.'),
  'produce.p99': most('micros', '99th percentile from hand-over to acknowledgement.'),
  'end-to-end.p50': most('micros', 'Median from hand-over to delivery by a consumer.'),
  'end-to-end.p95': most('micros', '95th percentile from hand-over to delivery.'),
  'end-to-end.p99': most('micros', '99th percentile from hand-over to delivery.'),
  'rpo.link.records': most('records', 'Acknowledged records that a link’s promoted target lacks.'),
  'rpo.link.bytes': most('bytes', 'Size of the acknowledged records that it lacks.'),
  'rpo.link.seconds': most(
    'micros',
    'From the first lacking record’s acknowledgement to the fault.',
  ),
  'rpo.link.age': most('micros', 'Acknowledgement times: last acked minus newest at the target.'),
  'rto.link': most('micros', 'From a fault to the first acknowledgement at a promoted target.'),
  'replication.p50': most('micros', 'Median from hand-over of a record to the log of the target.'),
  'replication.p95': most('micros', '95th percentile from hand-over to the log of the target.'),
  'replication.p99': most('micros', '99th percentile from hand-over to the log of the target.'),
  'replication.lag.records': most('records', 'Most records acknowledged and not at the target.'),
  'replication.lag.seconds': most('micros', 'Longest that an acknowledged record was not there.'),
  duplicates: most('records', 'Records that are in a log more than once.'),
  reordered: most('records', 'Records that stand behind a later one of their producer.'),
  skipped: most('records', 'Records that a consumer passed over without reading them.'),
  redelivered: most('records', 'Records delivered to a consumer group more than once.'),
  phantoms: most('records', 'Records reported failed that are in the log after all.'),
  residency: most('records', 'Records kept or read outside the regions that their topic names.'),
  'cost.egress': most('usd', 'List price of a month between zones and regions, as before faults.'),
  failed: most('records', 'Records whose producer got an error in the end.'),
  availability: {
    unit: 'fraction',
    direction: 'at-least',
    doc: 'Share of the run in which every partition took writes.',
  },
} as const satisfies Record<string, ObjectiveRule>

export type ObjectiveName = keyof typeof OBJECTIVES
export const OBJECTIVE_NAMES: readonly ObjectiveName[] = keysOf(OBJECTIVES)
