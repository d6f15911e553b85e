// Each check of state meets a state that it is for. A cluster is stopped in the middle of its life,
// one thing in it is broken by hand, and the next look says which and in which process.

import { describe, expect, it } from 'vitest'
import { PARTITION_BREAKS } from './broker-breaks.ts'
import { CLIENT_BREAKS } from './client-breaks.ts'
import { CONTROLLER_BREAKS } from './controller-breaks.ts'
import { GROUP_BREAKS } from './group-breaks.ts'
import { Living } from './living.ts'
import { LOG_BREAKS } from './log-breaks.ts'
import { RAFT_BREAKS } from './raft-breaks.ts'

const ALL = {
  'a log': LOG_BREAKS,
  'a partition and its broker': PARTITION_BREAKS,
  'a quorum node': RAFT_BREAKS,
  'a controller': CONTROLLER_BREAKS,
  'a group': GROUP_BREAKS,
  'a client': CLIENT_BREAKS,
}

describe.each(Object.entries(ALL))('%s', (_name, breaks) => {
  it.each(breaks)('%s', (sentence, process, breakIt) => {
    const living = new Living()
    living.look()
    breakIt(living)
    expect(() => living.look()).toThrow(sentence)
    expect(() => living.look()).toThrow(`in ${process}`)
  })
})
