import { describe, expect, it } from 'vitest'
import {
  CURRENT,
  HelixView,
  IDEAL,
  LIVE,
  MESSAGES,
  transitions,
} from '../../../src/mirror/ureplicator/helix.ts'

const told = (nodes: Record<string, string>) =>
  transitions(new HelixView(new Map(Object.entries(nodes)))).map(
    ({ instance, partition, to }) => `${instance}: ${partition} ${to}`,
  )

const IDEAL_W1 = { [`${IDEAL}orders/0`]: 'w1' }
const LIVE_BOTH = { [`${LIVE}w1`]: '7', [`${LIVE}w2`]: '8' }
const state = (instance: string, text: string) => ({ [`${CURRENT}${instance}/orders/0`]: text })
const pending = (instance: string, text: string) => ({ [`${MESSAGES}${instance}/orders/0`]: text })

describe('what instances are told', () => {
  it('who is meant to have a partition goes online', () => {
    expect(told({ ...LIVE_BOTH, ...IDEAL_W1 })).toEqual(['w1: orders/0 ONLINE'])
    expect(told({ ...LIVE_BOTH, ...IDEAL_W1, ...state('w1', '7 OFFLINE') })).toHaveLength(1)
  })

  it('nothing where all is as it should be, or on its way', () => {
    expect(told({ ...LIVE_BOTH, ...IDEAL_W1, ...state('w1', '7 ONLINE') })).toEqual([])
    expect(told({ ...LIVE_BOTH, ...IDEAL_W1, ...pending('w1', '7 ONLINE') })).toEqual([])
  })

  it('nobody goes online before the other has gone off', () => {
    const nodes = { ...LIVE_BOTH, ...IDEAL_W1 }
    expect(told({ ...nodes, ...state('w2', '8 ONLINE') })).toEqual(['w2: orders/0 OFFLINE'])
    const going = { ...nodes, ...state('w2', '8 ONLINE'), ...pending('w2', '8 OFFLINE') }
    expect(told(going)).toEqual([])
    const gone = told({ ...nodes, ...state('w2', '8 OFFLINE') })
    expect(gone).toEqual(['w2: orders/0 DROPPED', 'w1: orders/0 ONLINE'])
  })

  it('an instance without a session is not waited for', () => {
    const nodes = { [`${LIVE}w1`]: '7', ...IDEAL_W1, ...state('w2', '8 ONLINE') }
    expect(told(nodes)).toEqual(['w1: orders/0 ONLINE'])
  })

  it('states and messages of an earlier session count for nothing', () => {
    const nodes = { ...LIVE_BOTH, ...IDEAL_W1 }
    expect(told({ ...nodes, ...state('w1', '5 ONLINE') })).toEqual(['w1: orders/0 ONLINE'])
    expect(told({ ...nodes, ...pending('w1', '5 ONLINE') })).toEqual(['w1: orders/0 ONLINE'])
  })

  it('nothing where nobody lives whom a partition is meant for', () => {
    expect(told({ [`${LIVE}w2`]: '8', ...IDEAL_W1 })).toEqual([])
  })
})
