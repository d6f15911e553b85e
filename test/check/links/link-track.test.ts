import { expect, it } from 'vitest'
import { linkTracks } from '../../../src/check/links/link-track.ts'
import { A_ORDERS, B_ORDERS, TinyClusters } from '../tiny-clusters.ts'

const STEP_MICROS = 1_000_000

/** Ten records sent at `sentMs`, acknowledged 5 ms later and in B's log after `tookMs`. */
function copied(tiny: TinyClusters, n: number, sentMs: number, tookMs: number): void {
  const batch = { first: 10 * n, count: 10, offset: 10 * n }
  tiny.produced({ ...batch, doneMs: sentMs + 5, sentMs })
  tiny.copied(A_ORDERS, batch, sentMs + 4)
  tiny.copied(B_ORDERS, batch, sentMs + tookMs)
}

it('tells the latencies of the last thirty seconds, and the last one for ever', () => {
  const tiny = new TinyClusters()
  copied(tiny, 0, 500, 40)
  copied(tiny, 1, 10_500, 80)
  const tracks = linkTracks(tiny.over(60_000), STEP_MICROS, 10)
  const track = tracks.find(({ link, latency }) => link === 'A->B' && latency.lastMs.at(-1) === 80)
  const latency = track?.latency
  expect([0, 1, 11, 30, 31, 40, 41].map((at) => latency?.minMs[at])).toEqual([
    ...[null, 40, 40, 40, 80, 80, null],
  ])
  expect([1, 11, 31, 41].map((at) => latency?.maxMs[at])).toEqual([40, 80, 80, null])
  expect([1, 11, 31, 41].map((at) => latency?.meanMs[at])).toEqual([40, 60, 80, null])
  expect([0, 1, 11, 60].map((at) => latency?.lastMs[at])).toEqual([null, 40, 80, 80])
  expect(track?.records.at(-1)).toBe(20)
})
