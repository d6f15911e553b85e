import { describe, expect, it } from 'vitest'
import { WrittenSchemas } from '../../src/registry/written-schemas.ts'

const V1 = { id: 1, text: 'orders v1' }
const V2 = { id: 4, text: 'orders v2' }

describe('the schema ids that stand in records', () => {
  it('are those of the stretch of their stream', () => {
    const written = new WrittenSchemas(1_000)
    written.write(2_000, 3, V1)
    written.write(2_003, 2, V1)
    written.write(2_005, 1, V2)
    written.write(3_000, 1, V2)
    expect([2_000, 2_004, 2_005, 3_000].map((id) => written.of(id)?.id)).toEqual([1, 1, 4, 4])
    expect(written.sameUntil(2_001)).toBe(2_005)
    expect(written.sameUntil(2_005)).toBe(2_006)
  })

  it('are none where nothing was written with a schema', () => {
    const written = new WrittenSchemas(1_000)
    written.write(2_000, 3, V1)
    expect(written.of(1_999)).toBeNull()
    expect(written.of(2_003)).toBeNull()
    expect(written.sameUntil(2_003)).toBe(2_004)
  })

  it('are written once', () => {
    const written = new WrittenSchemas(1_000)
    written.write(2_000, 3, V1)
    expect(() => written.write(2_002, 1, V2)).toThrow(/written once/)
  })
})
