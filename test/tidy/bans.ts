import type { SourceFile } from './source-code.ts'

/** A construct that may not appear, and the reason told to whoever wrote it. */
interface Ban {
  readonly pattern: RegExp
  readonly reason: string
}

/** What would make a run depend on something other than its scenario and its seed. */
export const ENGINE_BANS: readonly Ban[] = [
  { pattern: /\bMath\.random\b/, reason: 'chance comes from a named fork of the seed' },
  { pattern: /\bDate\b|\bperformance\./, reason: 'time comes from the world' },
  {
    pattern: /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask|requestAnimationFrame)\b/,
    reason: 'timers come from the world',
  },
  {
    pattern: /\bPromise\b|\basync (?=[\w(])|(?<![.\w])await (?=[\w(])/,
    reason: 'the engine is synchronous',
  },
  { pattern: /\bconsole\.|\bglobalThis\b|\bwindow\./, reason: 'the engine has no platform' },
  {
    pattern: /\bprocess\.(?:env|argv|exitCode|stdout|stderr|nextTick|hrtime|cwd|memoryUsage)\b/,
    reason: 'the engine has no platform',
  },
  {
    pattern:
      /\bMath\.(?!(?:random|floor|ceil|trunc|round|min|max|abs|sign|imul|clz32|fround)\b)\w+/,
    reason: 'JavaScript engines may differ in its last digit',
  },
  { pattern: /\*\*/, reason: 'JavaScript engines may differ in its last digit' },
  { pattern: /\blocaleCompare\b|\btoLocale\w+|\bIntl\./, reason: 'the locale is not an input' },
]

/** What hides a mistake from the compiler. */
export const TYPE_BANS: readonly Ban[] = [
  { pattern: /(?:: |<|as )any\b/, reason: 'say what it is, or unknown' },
  { pattern: /[\w)\]]!(?:[.;,)\][]|$| [^=])/, reason: 'a value that may be absent is checked' },
  { pattern: /^\s*(?:enum|namespace) \w/, reason: 'only erasable TypeScript' },
]

/** Every line of the files' code in which a banned construct stands. */
export function banOffenders(files: readonly SourceFile[], bans: readonly Ban[]): string[] {
  return files.flatMap((file) =>
    file.code.flatMap((line, index) =>
      bans
        .filter(({ pattern }) => pattern.test(line))
        .map(({ pattern, reason }) => {
          const text = pattern.exec(line)?.[0].trim() ?? ''
          return `${file.path}:${index + 1}: ${text} (${reason})`
        }),
    ),
  )
}
