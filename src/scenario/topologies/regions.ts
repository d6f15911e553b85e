// Regions as a person names them on a command line: 'aws:us-east-1', or a name of one's own.

import { parseDuration } from '../../faults/quantity.ts'
import { nearestName } from '../../kafka/settings/nearest.ts'
import { cloudRegions, normaliseCloud } from '../cloud-rtt.ts'
import { usageError } from '../usage-error.ts'
import { unmeasuredPairs } from './text.ts'
import type { Place, Topology } from './topology.ts'

/**
 * A region's name becomes its cluster's, and part of the names of copies and clients. There '.'
 * would part a copy's name from its source's, and a chain stacks several.
 */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,29}$/

/** Reads 'aws:us-east-1,berlin'; throws a UsageError for what is no region. */
export function readRegions(text: string): Place[] {
  const words = text.split(',').map((word) => word.trim())
  const places = words.map((word) => (word.includes(':') ? cloudPlace(word) : ownPlace(word)))
  const plain = places.map(({ name }) => name)
  // Two clouds may call a region alike.
  const named = places.map(({ name, cloud }) => {
    const isShared = plain.filter((other) => other === name).length > 1
    return { name: isShared && cloud !== null ? cloud.replace(':', '-') : name, cloud }
  })
  for (const [index, { name }] of named.entries()) {
    if (named.findIndex((one) => one.name === name) === index) continue
    throw usageError('a region is there twice', 'name each region once', name)
  }
  return named
}

function cloudPlace(word: string): Place {
  const cloud = normaliseCloud(word)
  const known = cloudRegions()
  if (known.includes(cloud)) return { name: cloud.slice(cloud.indexOf(':') + 1), cloud }
  const near = nearestName(cloud, known)
  const provider = cloud.slice(0, cloud.indexOf(':') + 1)
  const some = known.filter((one) => one.startsWith(provider)).slice(0, 6)
  const list =
    some.length > 0
      ? `known: ${some.join(', ')}, …`
      : 'clouds with measured regions: aws, azure, gcp'
  const fix = near === null ? list : `did you mean ${near}? ${list}`
  throw usageError(`unknown cloud region ${word}`, fix, word)
}

function ownPlace(name: string): Place {
  if (NAME.test(name)) return { name, cloud: null }
  const fix =
    'write names of letters, digits, "-" and "_", up to 30 long, parted by commas; or a ' +
    'cloud’s: aws:us-east-1'
  throw usageError('not a region', fix, name)
}

/** Throws a UsageError where a pattern cannot be laid out over that many regions. */
export function checkCount({ name, regions, example }: Topology, places: readonly Place[]): void {
  const { min, max, roles } = regions
  const count = `${places.length} region${places.length === 1 ? '' : 's'}`
  if (places.length < min) {
    const message = `${name} needs ${min} regions or more: ${roles}; here ${verb(places)} ${count}`
    throw usageError(message, `name them, as in --regions ${example}`)
  }
  if (max !== undefined && places.length > max) {
    const message = `${name} takes ${max} regions: ${roles}; here ${verb(places)} ${count}`
    throw usageError(message, `leave out those behind ${places[max - 1]?.name}`)
  }
}

function verb(places: readonly Place[]): string {
  return places.length === 1 ? 'is' : 'are'
}

/** The round trip of pairs that no table has, null where there are none. */
export function readRtt(places: readonly Place[], rtt: string | undefined): string | null {
  const [pair] = unmeasuredPairs(places)
  if (rtt === undefined) {
    if (pair === undefined) return null
    const names = pair.map(({ name }) => name).join(' and ')
    throw usageError(`nobody has measured the round trip of ${names}`, 'add --rtt 80ms')
  }
  if (parseDuration(rtt) === null) {
    throw usageError('--rtt is no round trip', 'write it as --rtt 80ms', rtt)
  }
  if (pair === undefined) {
    const fix = 'leave --rtt out, or name the regions yourself: --regions a,b --rtt 80ms'
    throw usageError('all round trips of these regions are measured', fix, rtt)
  }
  return rtt
}
