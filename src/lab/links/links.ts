// The links of a scenario, each by the system that carries it.

import type { LinkSpec } from '../../scenario/links.ts'
import type { LinkSurroundings, LiveLink } from './live-link.ts'
import { LiveMirrorMaker2 } from './mirror-maker2.ts'

/** Builds every link; none is started yet. */
export function liveLinks(around: LinkSurroundings): LiveLink[] {
  const { history, scenario } = around
  return scenario.links.map((spec) => {
    const { name, system, from, to } = spec
    history.links.push({ name, system, from, to })
    return liveLink(spec, around)
  })
}

function liveLink(spec: LinkSpec, around: LinkSurroundings): LiveLink {
  switch (spec.system) {
    case 'mirror-maker2':
      return new LiveMirrorMaker2(spec, around)
  }
}
