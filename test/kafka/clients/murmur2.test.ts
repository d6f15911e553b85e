import { expect, test } from 'vitest'
import { murmur2, partitionForKey, utf8 } from '../../../src/kafka/clients/murmur2.ts'

test('a key goes to the partition that Kafka would choose', () => {
  expect(murmur2(utf8('abc'))).toBe(479470107)
  expect(partitionForKey(utf8('abc'), 12)).toBe(3)
})

test('a negative hash loses its sign, not its value', () => {
  expect(murmur2(utf8('a'))).toBe(-1563381124)
  expect(partitionForKey(utf8('a'), 50)).toBe(24)
})

test('text becomes the bytes that any UTF-8 encoder gives', () => {
  const text = 'aé€𝄞\u0000\u07ff\u0800\uffff\u{10000}'
  expect(utf8(text)).toEqual(new TextEncoder().encode(text))
})

test('half of a surrogate pair becomes a question mark, as in Java', () => {
  expect([...utf8('\ud834')]).toEqual([0x3f])
})
