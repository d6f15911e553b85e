// L02. After a failover the old primary has a tail that nobody else has. Brought back as a mirror
// it loses exactly that tail, and its log is the new primary's again; left alone, the two logs
// differ from there on.

import { describe, expect, it } from 'vitest'
import { CUT, endsOf, runLinked, told } from '../lab/links/two-regions.ts'
import { SEEDS } from './case.ts'

const FAILOVER = [`{at: 8s, ${CUT}, for: 12s}`, '{at: 14s, mirror-failover: {link: dr}}']
const RESTORE = '{at: 30s, mirror-truncate-and-restore: {link: dr}}'

function story(restores: boolean, seed: string) {
  const faults = restores ? [...FAILOVER, RESTORE] : FAILOVER
  const config = { 'link.mode': 'BIDIRECTIONAL' }
  const knobs = { restoreTakes: '1s' }
  const times = { stop: '10s', takeOver: '15s', duration: '45s' }
  return runLinked({ ...times, config, knobs, faults }, {}, seed)
}

describe.each(SEEDS)('L02: the old primary comes back with a tail, seed %s', (seed) => {
  it('left alone it keeps records that the new primary lacks, and the logs differ', () => {
    const { fates } = story(false, seed)
    expect(fates.lost).toBe(0)
    expect(fates.delayed).toBeGreaterThan(900)
  })

  it('truncated and restored it has lost that many, and both logs are one', () => {
    const restored = story(true, seed)
    const ordered = told(restored, 'operator').find((text) => text.includes('messages'))
    expect(ordered).toContain(`: ${restored.fates.lost} messages will be truncated`)
    expect(restored.fates.lost).toBe(story(false, seed).fates.delayed)
    for (const number of [0, 1]) {
      expect(endsOf(restored, `A:orders-${number}`)).toEqual(endsOf(restored, `B:orders-${number}`))
    }
  })
})
