// A rate as `tc` reads it, tc(8) UNITS: `bit` counts bits and `bps` counts bytes a second, whatever
// the case; `k` is 1,000 and `ki` is 1,024; a bare number is bits. Elsewhere in a scenario `kbps`
// is kilobits, as people say it, so that a netem argument needs a reading of its own.

const RATE = /^(\d+(?:\.\d+)?)(?:([kmgt]i?)?(bit|bps))?$/i

const DECIMAL: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }
const BINARY: Readonly<Record<string, number>> = {
  k: 1_024,
  m: 1_048_576,
  g: 1_073_741_824,
  t: 1_099_511_627_776,
}

/** Bits a second; null for no rate of tc's. */
export function parseTcRate(text: string): number | null {
  const [, amount, prefix = '', unit = 'bit'] = RATE.exec(text.trim()) ?? []
  if (amount === undefined) return null
  const [letter = '', binary = ''] = prefix.toLowerCase()
  const scale = (binary === '' ? DECIMAL : BINARY)[letter] ?? 1
  return Math.round(Number(amount) * scale * (unit.toLowerCase() === 'bps' ? 8 : 1))
}
