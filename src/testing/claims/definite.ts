import { broken, type Claim } from './claim.ts'

/** Jepsen's words: fail is definite. Reading what failed would be an aborted read (G1a). */
export const failedIsAbsent: Claim = {
  name: 'failed-is-absent',
  says: 'a record whose send failed for sure is in no log and was read by nobody',
  check({ result }) {
    const { failedButPresent } = result.fates
    const { abortedReads } = result.consumerView
    return broken(
      [failedButPresent === 0, `${failedButPresent} records failed for sure and are in the log`],
      [abortedReads === 0, `${abortedReads} records failed for sure and were read`],
    )
  },
}
