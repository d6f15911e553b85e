// Rights in the short form of a test: 'READ topic orders', for one principal.

import { type Asker, Authorizer } from '../../../src/kafka/authorizer/authorizer.ts'
import type { BrokerView } from '../../../src/kafka/authorizer/data-requests.ts'
import type { AclBinding } from '../../../src/kafka/metadata/acls.ts'

export const SHOP = 'User:shop'

/** 'READ topic orders' as an entry for the shop; 'CREATE cluster' for the cluster itself. */
export function right(text: string): AclBinding {
  const [operation = '', resource = '', name = 'kafka-cluster'] = text.split(' ')
  return {
    ...{ operation: operation as AclBinding['operation'], name, principal: SHOP },
    resource: resource.toUpperCase() as AclBinding['resource'],
    ...{ pattern: 'LITERAL', permission: 'ALLOW' },
  }
}

/** The shop with these rights and no others. */
export function shopWith(...rights: readonly string[]): Asker {
  const config = { superUsers: [], allowEveryoneIfNoAclFound: false }
  return new Authorizer(config, () => rights.map(right)).asker({ principal: SHOP, host: 'office' })
}

/** Partition 0 is of orders, every other one of returns; there is nothing else. */
export const VIEW: BrokerView = {
  topicOf: (partition) => (partition === 0 ? 'orders' : 'returns'),
  hasTopic: (name) => name === 'orders' || name === 'returns',
  createsTopics: true,
}
