// Keys that people write from memory, out of Kafka's own tools and files, and where a scenario has
// what they mean. Spelling is nearest.ts's business.

import { isSettingOfKafka } from '../kafka/settings/resolve.ts'

/** By a word in small letters without dashes and the like: the key, and what to write. */
const MEANT: Readonly<Record<string, readonly [key: string, fix: string]>> = {
  group: ['config', 'write config: { group.id: … }'],
  groupid: ['config', 'write config: { group.id: … }'],
  replicas: ['replicationFactor', 'write replicationFactor: …'],
  replication: ['replicationFactor', 'write replicationFactor: …'],
  rf: ['replicationFactor', 'write replicationFactor: …'],
  topics: ['topic', 'write topic: …; who uses several has an entry for each'],
  settings: ['config', 'write config: …'],
  configs: ['config', 'write config: …'],
  properties: ['config', 'write config: …'],
  voters: ['controllers', 'write controllers: …'],
  quorum: ['controllers', 'write controllers: …'],
  nodes: ['brokers', 'write brokers: …'],
  size: ['recordBytes', 'write recordBytes: …'],
  recordsize: ['recordBytes', 'write recordBytes: …'],
  messagesize: ['recordBytes', 'write recordBytes: …'],
  throughput: ['rate', 'write rate: …, such as 100/s'],
  bootstrapservers: ['bootstrap', 'write cluster: …, or bootstrap: … for a name or a list'],
  type: ['system', 'write system: …'],
  source: ['from', 'write from: …'],
  target: ['to', 'write to: …'],
  whitelist: ['include', 'write include: …'],
  destination: ['to', 'write to: …'],
  time: ['at', 'write at: …'],
  when: ['at', 'write at: …'],
  duration: ['for', 'write for: …'],
  until: ['for', 'write for: …, the time it lasts'],
  rack: ['zone', 'write zone: …'],
}

/** What to write for a key that the mapping has not; null where nothing tells what was meant. */
export function meantBy(key: string, known: readonly string[]): string | null {
  const word = key.toLowerCase().replace(/[^a-z]/g, '')
  const [name, fix] = (Object.hasOwn(MEANT, word) ? MEANT[word] : undefined) ?? []
  if (name !== undefined && fix !== undefined && known.includes(name)) return fix
  const isSetting = known.includes('config') && isSettingOfKafka(key)
  return isSetting ? `write config: { ${key}: … }` : null
}
