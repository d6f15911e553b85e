// Where in an ascending list something begins.

/**
 * How many of `length` places, counted from the first, lie in front: `isInFront` must hold for them
 * and for none behind them. So it is the index of the first that does not, or `length`.
 */
export function countInFront(length: number, isInFront: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isInFront(middle)) low = middle + 1
    else high = middle
  }
  return low
}
