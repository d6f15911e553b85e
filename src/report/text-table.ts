// A table for the terminal.

/** Rows with aligned columns; the last column and the first `left` ones are flush left. */
export function table(rows: readonly (readonly string[])[], left = 1): string[] {
  const columns = rows[0]?.length ?? 0
  const widths = Array.from({ length: columns }, (_, c) =>
    Math.max(...rows.map((row) => row[c]?.length ?? 0)),
  )
  return rows.map((row) =>
    `  ${row
      .map((cell, c) => {
        const width = widths[c] ?? 0
        const isWord = c < left || (left === 1 && c >= 3)
        return isWord ? cell.padEnd(width) : cell.padStart(width)
      })
      .join('  ')}`.trimEnd(),
  )
}
