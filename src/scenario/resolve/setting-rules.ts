// Rules between settings that Kafka itself checks at start, and traps that deserve a note.

import type { BrokerSettings, ProducerSettings } from '../../kafka/settings/modelled.ts'
import type { Path } from '../problem.ts'
import type { Findings } from './findings.ts'

/** KafkaConfig.validateValues. */
export function checkReplicaSettings(path: Path, config: BrokerSettings, findings: Findings): void {
  const wait = config['replica.fetch.wait.max.ms']
  if (wait > config['replica.lag.time.max.ms']) {
    const fix = 'keep replica.fetch.wait.max.ms below replica.lag.time.max.ms'
    const message = 'a follower’s long poll outlasts replica.lag.time.max.ms: the ISR would flap'
    findings.error([...path, 'replica.fetch.wait.max.ms'], message, fix, wait)
  }
  const heartbeat = config['broker.heartbeat.interval.ms']
  if (heartbeat * 2 > config['broker.session.timeout.ms']) {
    const message =
      'more than half of broker.session.timeout.ms: one late heartbeat fences a broker'
    findings.note([...path, 'broker.heartbeat.interval.ms'], message)
  }
}

/** What a quorum cannot live with. */
export function checkQuorumSettings(path: Path, config: BrokerSettings, findings: Findings): void {
  const fetch = config['controller.quorum.fetch.timeout.ms']
  if (fetch < 500) {
    const message = 'below the 500 ms of a parked quorum fetch: voters would stand all the time'
    findings.note([...path, 'controller.quorum.fetch.timeout.ms'], message)
  }
}

/**
 * KafkaProducer.configureDeliveryTimeout and ProducerConfig's idempotence rules. Returns the
 * settings with idempotence as Kafka would leave it.
 */
export function checkProducerSettings(
  path: Path,
  config: ProducerSettings,
  user: Readonly<Record<string, unknown>>,
  findings: Findings,
): ProducerSettings {
  const needed = config['linger.ms'] + config['request.timeout.ms']
  if (config['delivery.timeout.ms'] < needed) {
    if ('delivery.timeout.ms' in user) {
      const fix = `write at least ${needed} (linger.ms + request.timeout.ms)`
      const message = 'delivery.timeout.ms is shorter than linger.ms + request.timeout.ms'
      findings.error([...path, 'delivery.timeout.ms'], message, fix, config['delivery.timeout.ms'])
    } else {
      findings.note(path, `delivery.timeout.ms is raised to ${needed}, as Kafka does`)
      config = { ...config, 'delivery.timeout.ms': needed }
    }
  }
  return withIdempotence(path, config, user, findings)
}

function withIdempotence(
  path: Path,
  config: ProducerSettings,
  user: Readonly<Record<string, unknown>>,
  findings: Findings,
): ProducerSettings {
  if (!config['enable.idempotence']) return config
  const obstacle = idempotenceObstacle(config)
  if (obstacle === null) return config
  // In-flight above 5 is refused even where idempotence is only the default.
  if (user['enable.idempotence'] === undefined && obstacle.isSilent) {
    findings.note(path, `enable.idempotence is off, as Kafka leaves it with ${obstacle.cause}`)
    return { ...config, 'enable.idempotence': false }
  }
  const fix = `${obstacle.fix}, or set enable.idempotence: false`
  const message = `an idempotent producer cannot have ${obstacle.cause}`
  findings.error([...path, obstacle.name], message, fix, user[obstacle.name])
  return config
}

interface Obstacle {
  readonly name: string
  readonly cause: string
  readonly fix: string
  readonly isSilent: boolean
}

function idempotenceObstacle(config: ProducerSettings): Obstacle | null {
  const inFlight = config['max.in.flight.requests.per.connection']
  if (inFlight > 5) {
    const name = 'max.in.flight.requests.per.connection'
    return {
      name,
      cause: `${inFlight} requests in flight`,
      fix: 'write at most 5',
      isSilent: false,
    }
  }
  if (config.acks !== 'all' && config.acks !== '-1') {
    return { name: 'acks', cause: `acks=${config.acks}`, fix: 'write acks: all', isSilent: true }
  }
  if (config.retries === 0) {
    return { name: 'retries', cause: 'retries=0', fix: 'leave retries out', isSilent: true }
  }
  return null
}
