// Models: which settings of a topic its copy gets.
// Leaves out: use.defaults.from source, filters of one's own.
// Source: DefaultConfigPropertyFilter, MirrorSourceConnector.targetConfig.

/** Default of config.properties.exclude. */
const EXCLUDED = [
  /^follower\.replication\.throttled\.replicas$/,
  /^leader\.replication\.throttled\.replicas$/,
  /^message\.timestamp\.difference\.max\.ms$/,
  /^message\.timestamp\.type$/,
  /^unclean\.leader\.election\.enable$/,
  /^min\.insync\.replicas$/,
]

/** What a topic sets itself, without what is never copied. */
export function configsToCopy(own: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(own).filter(([name]) => !EXCLUDED.some((one) => one.test(name)))
  return Object.fromEntries(kept)
}
