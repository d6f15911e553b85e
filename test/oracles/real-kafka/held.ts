// Which experiments the tests hold the model to.

/** Enough to see a figure that is off; `npm run calibrate` takes 200. */
export const SEEDS = 60
/** Where a file has seven or more runs to a seed. */
const FEWER_SEEDS = 20
/** Where a run is long, and percentiles are pooled over the seeds. */
const FEW_SEEDS = 8

/** Experiments of which every figure agrees. */
export const HELD: readonly (readonly [name: string, seeds: number])[] = [
  ['leader-kill', SEEDS],
  ['leader-blackhole-rt5', SEEDS],
  ['restart-in-session', SEEDS],
  ['follower-cut-lag10', SEEDS],
  ['follower-cut-short', SEEDS],
  ['catch-up', SEEDS],
  ['latency-a', SEEDS],
  ['throughput', SEEDS],
  ['loss', SEEDS],
  ['two-producers', SEEDS],
  ['follower-fetch', SEEDS],
  ['controller-kill', SEEDS],
  ['controller-kill-5', SEEDS],
  ['coordinator', SEEDS],
  ['two-dc-dead-all', SEEDS],
  ['two-dc-survivor-acks1', SEEDS],
  ['unclean', SEEDS],
  ['two-dc-survivor-all', FEW_SEEDS],
  ['two-dc-survivor-all-again', FEW_SEEDS],
  ['below-min-isr', FEW_SEEDS],
  ['follower-pause', FEW_SEEDS],
  ['follower-restart', FEWER_SEEDS],
  ['leader-pause-not-idempotent', FEW_SEEDS],
  ['coordinator-kip848', FEW_SEEDS],
  ['controlled-shutdown-again', FEWER_SEEDS],
  ['isolated-leader-all-again', FEWER_SEEDS],
  ['mm2-failover', FEWER_SEEDS],
  ['mm2-kill', FEWER_SEEDS],
  ['mm2-translation', FEWER_SEEDS],
  ['mm2-latency-again', FEW_SEEDS],
  ['mm2-latency-again-20', FEW_SEEDS],
]

/**
 * Files of which one figure is a rare event, so that it says little beside so few runs; all others
 * are held. A file of the same experiment with more runs (`-again`) holds the figure itself.
 */
export const HELD_BUT_RARE: readonly (readonly [
  name: string,
  figures: readonly string[],
  seeds: number,
])[] = [
  // One shutdown in fifteen to twenty takes a heartbeat longer, here as on the real brokers. The
  // rule lets it be one in twenty where none of the real ones did: it depends on the seeds (with
  // 200 of them both agree).
  ['controlled-shutdown', ['at ms: broker 1 fenced', 'at ms: broker 1 fenced #2'], SEEDS],
  // The only real second fence follows such a long shutdown.
  ['preferred-return', ['at ms: broker 1 fenced #2'], SEEDS],
  // The only real run with controller 101 unfenced the broker later than all but a few do: of 20
  // made again the median is 22.0 s, as it is here, and the latest has 25.6 s. Its own election was
  // late as well. SYNs as kernels before 6.5 repeat them would fit it better, and catch-up worse.
  [
    'isolated-leader-all',
    ['at ms: broker 1 unfenced', 'at ms: partition {"isr":[1,2,3],"p":0,"topic":"t"}'],
    SEEDS,
  ],
  // At 5 records a second every fifth one may come just after a heartbeat, and wait: chance decides
  // for a run of 12 s as a whole, so that the 90th percentile stands at an edge, and it is highest
  // while the worker is new. Real stretches of such a run have 24.8 to 38.2 ms at a round trip of
  // 20 ms (mm2-latency-again-20) and 65 to 155 ms at 100 ms; pooled they agree with the model.
  [
    'mm2-latency-a',
    [
      '[rtt 20 ms, worker in r2, 5/s] p90',
      '[rtt 20 ms, worker in r1, 5/s] p90',
      '[rtt 100 ms, worker in r2, 5/s] p90',
      '[rtt 100 ms, worker in r1, 5/s] p90',
    ],
    FEW_SEEDS,
  ],
]
