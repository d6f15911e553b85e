import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../../../src/kafka/settings/resolve.ts'
import { dealInTurn } from '../../../src/mirror/connect/deal-in-turn.ts'
import {
  destinationTopic,
  mirroredPartitions,
  TopicChoice,
} from '../../../src/mirror/mirus/topic-list.ts'

const settings = { ...defaultSettings('mirus', '4.1'), 'topics.whitelist': 'a, b' }

describe('the topics that Mirus mirrors', () => {
  it('are those of the list, of the expression, and of the list of expressions', () => {
    const choice = new TopicChoice({
      ...settings,
      'topics.regex': 'p\\d',
      'topics.regex.list': 'x.*,y',
    })
    const asked = ['a', 'b', 'ab', 'p1', 'p12', 'xyz', 'y', 'yes']
    expect(asked.filter((topic) => choice.accepts(topic))).toEqual(['a', 'b', 'p1', 'xyz', 'y'])
  })

  it('are none unless something names them', () => {
    expect(new TopicChoice(defaultSettings('mirus', '4.1')).accepts('a')).toBe(false)
  })

  it('must exist at the destination, unless nobody checks', () => {
    const source = [
      { name: 'a', partitions: 2 },
      { name: 'b', partitions: 1 },
      { name: 'c', partitions: 1 },
    ]
    const there = [{ name: 'b', partitions: 7 }]
    expect(mirroredPartitions(settings, source, there)).toEqual([{ topic: 'b', number: 0 }])
    const unchecked = { ...settings, 'enable.destination.topic.checking': false }
    expect(mirroredPartitions(unchecked, source, [])).toHaveLength(3)
  })

  it('come in the order of their names with the number behind', () => {
    const source = [
      { name: 'b', partitions: 11 },
      { name: 'a', partitions: 1 },
    ]
    const found = mirroredPartitions(settings, source, source)
    const names = found.map(({ topic, number }) => `${topic}${number}`)
    expect(names.slice(0, 5)).toEqual(['a0', 'b0', 'b1', 'b10', 'b2'])
  })

  it('are dealt to tasks in turn, and no task is without', () => {
    expect(dealInTurn([1, 2, 3, 4, 5], 2)).toEqual([
      [1, 3, 5],
      [2, 4],
    ])
    expect(dealInTurn([1], 4)).toEqual([[1]])
    expect(dealInTurn([], 4)).toEqual([])
  })

  it('are called as prefix and suffix make them', () => {
    const named = {
      ...settings,
      'destination.topic.name.prefix': 'us.',
      'destination.topic.name.suffix': '-copy',
    }
    expect(destinationTopic(named, 'orders')).toBe('us.orders-copy')
  })
})
