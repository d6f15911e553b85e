import { describe, expect, it } from 'vitest'
import { scenarioOf } from '../../../src/scenario/parse.ts'
import { TOPOLOGIES } from '../../../src/scenario/topologies/catalogue.ts'
import { newScenario, type TopologyRequest } from '../../../src/scenario/topologies/new-scenario.ts'
import { LINK_SYSTEMS } from '../../../src/scenario/topologies/systems.ts'
import { TRIALS } from '../../../src/scenario/topologies/trials.ts'
import { UsageError } from '../../../src/scenario/usage-error.ts'

/** The scenario that was asked for, or the first line of why there is none. */
function tried(asked: TopologyRequest) {
  try {
    return scenarioOf(newScenario(asked), 'trial.yaml')
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
}

describe('a trial', () => {
  it.each(TRIALS.map(({ name }) => name))(
    '%s can be asked for of every pattern and system',
    (fault) => {
      let built = 0
      const asked = [
        ...TOPOLOGIES.map(({ name }) => ({ pattern: name, fault })),
        ...LINK_SYSTEMS.map(({ name }) => ({ pattern: 'active-passive', system: name, fault })),
      ]
      for (const one of asked) {
        const scenario = tried(one)
        if (typeof scenario !== 'string') built++
        else expect(scenario).toMatch(/nothing in such a design/)
      }
      expect(built).toBeGreaterThan(asked.length / 2)
    },
  )

  it('stands alone in the place of the pattern’s faults', () => {
    const scenario = tried({ pattern: 'active-passive', fault: 'one-way-cut' })
    if (typeof scenario === 'string') throw new Error(scenario)
    expect(scenario.faults).toHaveLength(1)
    expect(scenario.producers.map(({ name }) => name)).toEqual(['shop-us-east-1'])
  })

  it('has what it strikes, and time to see the end of it', () => {
    const scenario = tried({ pattern: 'active-passive', fault: 'gateway-loss' })
    if (typeof scenario === 'string') throw new Error(scenario)
    expect(scenario.network.overlay).not.toBeNull()
    expect(scenario.faults.map(({ fault }) => fault.kind)).toEqual(['gateway-loss'])
    const places = { regions: 'berlin,hamburg', rtt: '12ms' }
    const own = tried({ pattern: 'active-passive', ...places, fault: 'gateway-loss' })
    expect(own).toMatchObject({ duration: scenario.duration })
  })

  it('moves applications where the first region is lost, and there alone', () => {
    const namesOf = (fault: string) => {
      const scenario = tried({ pattern: 'active-passive', system: 'cluster-link', fault })
      if (typeof scenario === 'string') throw new Error(scenario)
      return { producers: scenario.producers.length, faults: scenario.faults.length }
    }
    // The second fault is the operator's failover of the mirror.
    expect(namesOf('region-kill')).toEqual({ producers: 2, faults: 2 })
    expect(namesOf('brown-out')).toEqual({ producers: 1, faults: 1 })
  })

  it('is refused where it could strike nothing, with a way out', () => {
    const asked = { pattern: 'active-passive', system: 'cluster-link', fault: 'worker-crash' }
    expect(tried(asked)).toMatch(/nothing in such a design[\s\S]*another --system/)
    expect(tried({ pattern: 'chain', fault: 'meteor' })).toMatch(/unknown fault[\s\S]*slow-disk/)
  })
})

it('acks are those of every producer', () => {
  const scenario = tried({ pattern: 'active-active', acks: '1' })
  if (typeof scenario === 'string') throw new Error(scenario)
  const acks = new Set(scenario.producers.map(({ config }) => config.acks))
  expect([...acks]).toEqual(['1'])
  expect(tried({ pattern: 'active-active', acks: '2' })).toMatch(/--acks with 1 or all/)
})
