import { expect, it } from 'vitest'
import { MM2_GUARD_NAMES, mm2GuardsFor } from '../../../src/mirror/mirror-maker2/guards.ts'

it.each([
  ['2.4', []],
  ['2.7', ['checkpointsOffsetZero']],
  ['3.1', ['checkpointsOffsetZero', 'separatorInInternalNames']],
  ['3.3.2', ['checkpointsOffsetZero', 'noCheckpointWithoutSync', 'separatorInInternalNames']],
] as const)('%s has only %j', (version, on) => {
  const guards = mm2GuardsFor(version)
  expect(MM2_GUARD_NAMES.filter((name) => guards[name])).toEqual(on)
})

it.each([
  ['3.4.0', 'syncHistory', false],
  ['3.4.1', 'syncHistory', true],
  ['3.5.1', 'promotesEveryOldSync', false],
  ['3.5.2', 'promotesEveryOldSync', true],
  ['3.6.2', 'delayedSyncs', false],
  ['3.7.0', 'delayedSyncs', true],
  ['3.7.0', 'keepsSyncsOverRestart', false],
  ['3.7.1', 'keepsSyncsOverRestart', true],
  ['3.9', 'replicatesUserInternals', false],
  ['4.0', 'replicatesUserInternals', true],
] as const)('%s has the guard %s: %s', (version, guard, isOn) => {
  expect(mm2GuardsFor(version)[guard]).toBe(isOn)
})

it('has every guard on by default in 4.1, and any single one can be switched', () => {
  expect(Object.values(mm2GuardsFor('4.1'))).not.toContain(false)
  expect(mm2GuardsFor('4.1', { syncHistory: false })).toEqual({
    ...mm2GuardsFor('4.1'),
    syncHistory: false,
  })
})
