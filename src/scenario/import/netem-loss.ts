// netem's models of losses in bursts, as the share that they lose in the long run. A link loses
// packets one by one, so that share is all of them that can be carried over.
// Source: tc-netem(8): loss gemodel p [r [1-h [1-k]]], loss state p13 [p31 [p32 [p23 [p14]]]].

/** Percent; null where a value is no percentage. */
export function meanLossOf(model: 'gemodel' | 'state', words: readonly string[]): number | null {
  const values = words.map(shareOf)
  const known = values.filter((value) => value !== null)
  if (known.length < values.length || known.length === 0) return null
  const mean = model === 'gemodel' ? gilbertElliott(known) : fourStates(known)
  return Number.isFinite(mean) ? Number((100 * mean).toFixed(4)) : null
}

/** Good turns bad with p, bad turns good with r; bad loses 1-h, good loses 1-k. */
function gilbertElliott([p = 0, r = 1 - p, lostInBad = 1, lostInGood = 0]: readonly number[]) {
  return (p * lostInBad + r * lostInGood) / (p + r)
}

/**
 * 1 receives and 4 loses a single packet of it; 3 loses in a burst and 2 receives within one. The
 * shares follow from what enters and leaves each state; those of 1 are the unit.
 */
function fourStates([p13 = 0, p31 = 1 - p13, p32 = 0, p23 = 1, p14 = 0]: readonly number[]) {
  const inBurst = p13 / p31
  const receivedInBurst = p32 === 0 ? 0 : (inBurst * p32) / p23
  return (inBurst + p14) / (1 + inBurst + receivedInBurst + p14)
}

function shareOf(word: string): number | null {
  const percent = Number(/^(\d+(?:\.\d+)?)%?$/.exec(word)?.[1] ?? Number.NaN)
  return percent >= 0 && percent <= 100 ? percent / 100 : null
}
