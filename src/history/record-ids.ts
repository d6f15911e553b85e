// How records are numbered in a history.

/** Record ids of stream s are s * RECORDS_PER_STREAM + 0, 1, 2, ... in the order of sending. */
export const RECORDS_PER_STREAM = 2_147_483_648
