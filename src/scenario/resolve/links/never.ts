// What Java writes where a client is never to give up.

/** Integer.MAX_VALUE */
export const NEVER_INT = 2_147_483_647
/** Long.MAX_VALUE; as a double it is one more. */
export const NEVER_LONG = 9.223372036854776e18
