import { describe, expect, it } from 'vitest'
import { type Random, RandomSource } from '../../src/sim/random.ts'

const stream = (name = 'a', seed = 'seed') => new RandomSource(seed).fork(name)
const draws = (random: Random, n = 8) => Array.from({ length: n }, () => random.uint32())
const sample = (n: number, draw: () => number) => Array.from({ length: n }, draw)
const mean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length
const variance = (xs: readonly number[]) => {
  const m = mean(xs)
  return mean(xs.map((x) => (x - m) * (x - m)))
}

describe('chance', () => {
  it('draws what it has always drawn for a seed and a name', () => {
    expect(draws(stream('mm2/poll'), 4)).toMatchInlineSnapshot(`
      [
        2157554847,
        1930812591,
        2994029131,
        2432969912,
      ]
    `)
    expect(draws(stream('mm2/poll', 'other'), 2)).toMatchInlineSnapshot(`
      [
        2186055290,
        39406847,
      ]
    `)
  })

  it('gives a fork the same stream whatever else is forked or drawn', () => {
    const alone = draws(stream('b'))
    const source = new RandomSource('seed')
    draws(source.fork('a'), 100)
    source.fork('c')
    expect(draws(source.fork('b'))).toEqual(alone)
    expect(draws(stream('B'))).not.toEqual(alone)
    expect(draws(stream('b', 'seed2'))).not.toEqual(alone)
  })

  it('gives names that differ in little unrelated streams', () => {
    const source = new RandomSource('s')
    const firsts = Array.from({ length: 2_000 }, (_, i) => source.fork(`link/${i}`).float())
    expect(mean(firsts)).toBeCloseTo(0.5, 1)
    expect(variance(firsts)).toBeCloseTo(1 / 12, 2)
    expect(new Set(firsts).size).toBe(2_000)
  })

  it('draws integers without bias, both ends included', () => {
    const random = stream()
    const hits = [0, 0, 0]
    for (let i = 0; i < 30_000; i++) {
      const at = random.int(7, 9) - 7
      hits[at] = (hits[at] ?? 0) + 1
    }
    for (const count of hits) expect(Math.abs(count - 10_000)).toBeLessThan(300)
    expect(random.int(5, 5)).toBe(5)
    const wide = random.int(0, 2 ** 50)
    expect(Number.isInteger(wide)).toBe(true)
    expect(() => random.int(2, 1)).toThrow(/range/)
  })

  it('draws floats in [0, 1) that fill the interval', () => {
    const random = stream()
    const xs = sample(20_000, () => random.float())
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...xs)).toBeLessThan(1)
    expect(mean(xs)).toBeCloseTo(0.5, 1)
    expect(variance(xs)).toBeCloseTo(1 / 12, 2)
  })

  it('hits a chance as often as it says, and draws nothing for a certainty', () => {
    const random = stream()
    const hits = sample(100_000, () => (random.chancePpm(20_000) ? 1 : 0))
    expect(mean(hits)).toBeGreaterThan(0.018)
    expect(mean(hits)).toBeLessThan(0.022)
    const one = stream('x')
    const other = stream('x')
    expect([one.chancePpm(0), one.chancePpm(1_000_000)]).toEqual([false, true])
    expect(one.uint32()).toBe(other.uint32())
  })

  it('draws an exponential with its mean, its spread and its tail', () => {
    const random = stream()
    const xs = sample(50_000, () => random.exponential(10_000))
    expect(mean(xs) / 10_000).toBeCloseTo(1, 1)
    expect(variance(xs) / 100_000_000).toBeCloseTo(1, 1)
    const beyond = xs.filter((x) => x > 30_000).length / xs.length
    expect(Math.abs(beyond - 0.0498)).toBeLessThan(0.005)
  })

  it('draws a normal with its mean, its spread and its tails', () => {
    const random = stream()
    const xs = sample(50_000, () => random.normal(1_000, 100))
    expect(Math.abs(mean(xs) - 1_000)).toBeLessThan(3)
    expect(variance(xs) / 10_000).toBeCloseTo(1, 1)
    const beyond = xs.filter((x) => Math.abs(x - 1_000) > 200).length / xs.length
    expect(Math.abs(beyond - 0.0455)).toBeLessThan(0.005)
  })

  it('shuffles a copy and picks every element', () => {
    const random = stream()
    const xs = [1, 2, 3, 4]
    const orders = new Set(sample(500, () => 0).map(() => random.shuffle(xs).join('')))
    expect(orders.size).toBe(24)
    expect(xs).toEqual([1, 2, 3, 4])
    expect(new Set(sample(200, () => random.pick(xs))).size).toBe(4)
    expect(() => random.pick([])).toThrow(/empty/)
  })

  it('gives different streams to seeds that repeat one another', () => {
    const first = (seed: string) => new RandomSource(seed).fork('x').uint32()
    const seeds = ['1', '11', '111', 'ab', 'abab', '', '0', '00']
    expect(new Set(seeds.map(first)).size).toBe(seeds.length)
  })
})
