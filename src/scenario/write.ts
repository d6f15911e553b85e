// A document as the text of a file that a person would write: small things on one line.

import { Document, isCollection, isMap, isPair, isSeq, visit } from 'yaml'
import type { ScenarioInput } from './document/document.ts'

/** Leaves on a line; longer ones take a line each. */
const FLOW_ITEMS_MAX = 4

/** The YAML of a scenario; parseScenario reads it back. */
export function scenarioYaml(document: ScenarioInput): string {
  const yaml = new Document(document, { aliasDuplicateObjects: false })
  visit(yaml, {
    Collection(_key, node, path) {
      const isTop = path.length < 2
      if (isTop || node.items.length > FLOW_ITEMS_MAX || !isFlat(node)) return
      node.flow = true
    },
  })
  return yaml.toString({ lineWidth: 100, flowCollectionPadding: false })
}

/** No collection inside that is not itself a short list of plain values. */
function isFlat(node: unknown): boolean {
  if (!isCollection(node)) return true
  return node.items.every((item) => {
    const value = isPair(item) ? item.value : item
    if (isMap(value)) return value.items.length === 0
    return !isSeq(value) || value.items.every((one) => !isCollection(one))
  })
}
