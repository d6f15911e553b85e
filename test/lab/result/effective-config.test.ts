import { describe, expect, it } from 'vitest'
import { effectiveConfig } from '../../../src/lab/result/effective-config.ts'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { movingText } from '../clients/two-clusters.ts'

function configOf(link: string, version = '3.9') {
  const flavour = link.includes('cluster-link') ? 'confluent' : 'apache'
  const links = `flavour: ${flavour}\nlinks: [{name: copy, from: A, to: B, ${link}}]`
  const rows = effectiveConfig(scenarioOf(movingText({ links, version }), 'links.yaml'))
  return (scope: string, setting: string) => {
    const found = rows.find((row) => row.scope === scope && row.name === setting)
    return found === undefined ? null : [found.value, found.source]
  }
}

describe('the effective configuration of a link', () => {
  it('has the settings of the flow, its workers and its clients, and who chose each', () => {
    const own = 'config: {offset.lag.max: 5}, producer: {batch.size: 65536, acks: all}'
    const of = configOf(`system: mirror-maker2, workers: {eu: 1}, ${own}`)
    expect(of('link copy', 'offset.lag.max')).toEqual(['5', 'scenario'])
    expect(of('link copy', 'refresh.topics.interval.seconds')).toEqual(['600', 'default'])
    expect(of('link copy worker', 'offset.flush.interval.ms')).toEqual(['60000', 'default'])
    expect(of('link copy producer', 'batch.size')).toEqual(['65536', 'scenario'])
    // Connect's own default, which is not Kafka's: nobody chose it.
    expect(of('link copy producer', 'max.in.flight.requests.per.connection')).toEqual([
      '1',
      'default',
    ])
    expect(of('link copy consumer', 'auto.offset.reset')).toEqual(['earliest', 'default'])
  })

  it('has what the side that dials reads, where that is the source', () => {
    const settings = 'config: {connection.mode: INBOUND}, source: {request.timeout.ms: 7000}'
    const of = configOf(`system: cluster-link, ${settings}`, '4.1')
    expect(of('link copy', 'request.timeout.ms')).toEqual(['30000', 'default'])
    expect(of('link copy source', 'request.timeout.ms')).toEqual(['7000', 'scenario'])
    expect(of('link copy source', 'connection.mode')).toEqual(['OUTBOUND', 'default'])
    expect(of('link copy source', 'consumer.offset.sync.ms')).toBeNull()
  })

  it('has the knobs of a link, and times among them as times', () => {
    const link = 'system: cluster-link'
    const of = configOf(link, '4.1')
    expect(of('link copy knobs', 'restoreTakes')).toEqual(['30s to 60s', 'default'])
    const own = configOf(`${link}, knobs: {restoreTakes: 5s}`, '4.1')
    expect(own('link copy knobs', 'restoreTakes')).toEqual(['5s', 'scenario'])
  })

  it('has the options of systems that have a language of their own', () => {
    const options = 'options: {include: orders, num.streams: 2}'
    const of = configOf(`system: mirror-maker1, workers: {eu: 1}, ${options}`)
    expect(of('link copy options', 'num.streams')).toEqual(['2', 'scenario'])
    expect(of('link copy options', 'offset.commit.interval.ms')).toEqual(['60000', 'default'])
    expect(of('link copy options', 'include')).toEqual(['orders', 'scenario'])
  })
})
