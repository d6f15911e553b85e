// Models: what the metadata log holds of access control lists, and the lists that follow from it.
// Leaves out: ids of entries: equal entries are one, as the controller would find them.
// Source: AccessControlEntryRecord.json, RemoveAccessControlEntryRecord.json, AclsImage.

import { type AclBinding, aclKey } from './acls.ts'

export interface AccessControlEntryRecord {
  readonly type: 'AccessControlEntry'
  readonly acl: AclBinding
}

export interface RemoveAccessControlEntryRecord {
  readonly type: 'RemoveAccessControlEntry'
  readonly acl: AclBinding
}

export type AclRecord = AccessControlEntryRecord | RemoveAccessControlEntryRecord

/** What the records up to now say: held by every controller and every broker. */
export class Acls implements Iterable<AclBinding> {
  readonly #byKey: Map<string, AclBinding>

  constructor(from?: Acls) {
    this.#byKey = new Map(from === undefined ? [] : from.#byKey)
  }

  /**
   * Whether an equal entry stands in the lists: one that differs in nothing, its pattern and its
   * permission included.
   */
  has(acl: AclBinding): boolean {
    return this.#byKey.has(aclKey(acl))
  }

  /** Every entry, in the order in which they were added. */
  [Symbol.iterator](): Iterator<AclBinding> {
    return this.#byKey.values()
  }

  /** To add an entry that is there, or remove one that is not, changes nothing. */
  replay({ type, acl }: AclRecord): void {
    if (type === 'AccessControlEntry') this.#byKey.set(aclKey(acl), acl)
    else this.#byKey.delete(aclKey(acl))
  }
}
