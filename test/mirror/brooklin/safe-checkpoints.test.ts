import { expect, it } from 'vitest'
import { SafeCheckpoints } from '../../../src/mirror/brooklin/safe-checkpoints.ts'

it('goes no further than the first record that is not acknowledged', () => {
  const checkpoints = new SafeCheckpoints()
  checkpoints.register(1, 100, 10)
  checkpoints.register(1, 110, 10)
  expect(checkpoints.safe(1)).toBeNull()
  checkpoints.ack(1, 110, 10)
  expect(checkpoints.safe(1)).toBeNull()
  checkpoints.ack(1, 100, 4)
  expect(checkpoints.safe(1)).toBe(104)
  checkpoints.ack(1, 106, 4)
  expect(checkpoints.safe(1)).toBe(104)
  checkpoints.ack(1, 104, 2)
  expect(checkpoints.safe(1)).toBe(120)
})

it('knows each partition for itself, and nothing of what it was told to forget', () => {
  const checkpoints = new SafeCheckpoints()
  checkpoints.register(1, 0, 5)
  checkpoints.register(2, 0, 5)
  checkpoints.ack(1, 0, 5)
  expect([checkpoints.safe(1), checkpoints.safe(2)]).toEqual([5, null])
  checkpoints.clear(1)
  expect(checkpoints.safe(1)).toBeNull()
  checkpoints.ack(2, 0, 2)
  expect(checkpoints.safe(2)).toBe(2)
  checkpoints.clear()
  expect(checkpoints.safe(2)).toBeNull()
})
