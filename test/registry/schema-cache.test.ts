import { describe, expect, it } from 'vitest'
import { SchemaCache, type SchemaRecord } from '../../src/registry/schema-cache.ts'

function record(id: number, text: string, subject = 'orders-value'): SchemaRecord {
  return { kind: 'schema', subject, text, id }
}

describe('what an instance knows of the schemas topic', () => {
  it('is each schema by its id, and by its subject only where it was registered', () => {
    const cache = new SchemaCache()
    cache.take(record(1, 'orders v1'))
    expect(cache.byId(1)).toEqual({ id: 1, text: 'orders v1' })
    expect(cache.byId(2)).toBeNull()
    expect(cache.bySubject({ subject: 'orders-value', text: 'orders v1' })?.id).toBe(1)
    expect(cache.bySubject({ subject: 'copies-value', text: 'orders v1' })).toBeNull()
  })

  it('gives a new schema the id after the highest that was read, and an old one its own', () => {
    const cache = new SchemaCache()
    expect(cache.idOf('orders v1')).toBe(1)
    cache.take(record(7, 'orders v7'))
    expect(cache.idOf('orders v1')).toBe(8)
    expect(cache.idOf('orders v7')).toBe(7)
  })

  it('leaves out a schema whose id another one has: the first in the topic keeps it', () => {
    const cache = new SchemaCache()
    expect(cache.take(record(1, 'orders v1'))).toBe(true)
    expect(cache.take(record(1, 'payments v1', 'payments-value'))).toBe(false)
    expect(cache.byId(1)?.text).toBe('orders v1')
    expect(cache.bySubject({ subject: 'payments-value', text: 'payments v1' })).toBeNull()
  })

  it('finds a schema that was registered twice by its first id', () => {
    const cache = new SchemaCache()
    cache.take(record(1, 'orders v1'))
    cache.take(record(2, 'orders v1', 'copies-value'))
    expect(cache.idOf('orders v1')).toBe(1)
    expect(cache.byId(2)?.text).toBe('orders v1')
  })
})
