// A target in the words in which a scenario may name it; the inverse of parseTarget.

import type { Target } from './target.ts'

/** 'broker-1', 'region eu', 'region of active controller', 'broker-2 and broker-3'. */
export function targetText(target: Target): string {
  switch (target.kind) {
    case 'process':
      return target.name
    case 'host':
    case 'zone':
    case 'region':
    case 'cluster':
      return `${target.kind} ${target.name}`
    case 'active-controller':
      return target.cluster === null
        ? 'active controller'
        : `active controller of cluster ${target.cluster}`
    case 'leader':
    case 'followers':
      return `${target.kind} of ${target.topic}-${target.partition}`
    case 'coordinator':
      return `coordinator of ${target.group}`
    case 'every':
      return target.what
    case 'part':
      return `${target.what} of ${targetText(target.of)}`
    case 'region-after':
      return `region after ${targetText(target.of)}`
    case 'one':
      return `one of ${targetText(target.of)}`
    case 'rest':
    case 'same':
      return target.kind
    case 'all-of':
      return target.targets.map(targetText).join(' and ')
  }
}
