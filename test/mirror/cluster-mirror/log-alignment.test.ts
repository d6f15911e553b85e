import { describe, expect, it } from 'vitest'
import type { DescribeMirrorResponse } from '../../../src/kafka/mirror-messages.ts'
import { alignmentWith } from '../../../src/mirror/cluster-mirror/log-alignment.ts'

function answer(of: Partial<DescribeMirrorResponse>): DescribeMirrorResponse {
  const none = { error: 'NONE' as const, state: null, reversal: null, link: null, ends: [] }
  return { api: 'DescribeMirror', ...none, ...of }
}

describe('a topic that is to be mirrored', () => {
  it('is cut to where the source stopped mirroring it from here', () => {
    const stopped = answer({ state: 'STOPPED', link: 'dr', ends: [40, 50] })
    expect(alignmentWith(stopped, ['dr'], 2)).toEqual({ ends: [40, 50] })
  })

  it.each(['MIRRORING', 'PAUSED', 'STOPPING', 'LOG_ALIGNMENT'] as const)(
    'waits while the source’s own mirror of it is %s',
    (state) => {
      const running = answer({ state, link: 'dr', ends: [null, null] })
      const refused = 'the source mirrors the topic by dr'
      expect(alignmentWith(running, ['dr'], 2)).toEqual({ refused })
    },
  )

  it('is mirrored from its first record where the source never had it from here', () => {
    expect(alignmentWith(answer({}), ['dr'], 2)).toEqual({ ends: [0, 0] })
    // A chain: the source has it from somebody else.
    const chained = answer({ state: 'MIRRORING', link: 'other', ends: [null] })
    expect(alignmentWith(chained, ['dr'], 1)).toEqual({ ends: [0] })
  })

  it('is never cut to a place that nobody has told', () => {
    const untold = answer({ state: 'STOPPED', link: 'dr', ends: [null] })
    expect(() => alignmentWith(untold, ['dr'], 1)).toThrow('knows where')
  })
})
