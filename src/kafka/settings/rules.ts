// Models: what a rule for a setting is: its type, its bounds and its default.
// Leaves out: validators that look at several settings.
// Source: org.apache.kafka.common.config.ConfigDef.

import { LONG_MAX } from '../../sim/long-text.ts'
import type { KafkaVersion } from '../version.ts'

export type SettingValue = number | boolean | string | null
export type SettingType = 'short' | 'int' | 'long' | 'double' | 'boolean' | 'string' | 'list'

export interface ModelledSetting<V extends SettingValue> {
  readonly type: SettingType
  readonly default: V
  readonly min?: number
  readonly max?: number
  readonly oneOf?: readonly string[]
  /** The default of the releases before `version`. */
  readonly before?: { readonly version: KafkaVersion; readonly value: V }
}

interface Bounds<V extends SettingValue> {
  readonly min?: number
  readonly max?: number
  readonly before?: { readonly version: KafkaVersion; readonly value: V }
}

/** ConfigDef.Type.INT: at most 2^31 - 1. Bounds given replace the default one of at least 0. */
export function int(value: number, bounds: Bounds<number> = { min: 0 }): ModelledSetting<number> {
  return { type: 'int', default: value, max: 2_147_483_647, ...bounds }
}
/** ConfigDef.Type.SHORT: at most 2^15 - 1; -1 for all in acks, so there is no bound by default. */
export function short(value: number, bounds: Bounds<number>): ModelledSetting<number> {
  return { type: 'short', default: value, max: 32_767, ...bounds }
}
/** ConfigDef.Type.LONG: at most 2^63 - 1. At least 0 unless bounds are given. */
export function long(value: number, bounds: Bounds<number> = { min: 0 }): ModelledSetting<number> {
  return { type: 'long', default: value, max: LONG_MAX, ...bounds }
}
/** A LONG that may be left unset, as log.retention.ms: then another setting decides. */
export function longOrNull(min: number): ModelledSetting<number | null> {
  return { type: 'long', default: null, min, max: LONG_MAX }
}
/** ConfigDef.Type.DOUBLE, never below 0. */
export function double(value: number): ModelledSetting<number> {
  return { type: 'double', default: value, min: 0 }
}
/** ConfigDef.Type.BOOLEAN: true or false, in no other spelling. */
export function bool(value: boolean): ModelledSetting<boolean> {
  return { type: 'boolean', default: value }
}
/** Any text; where the default is null, also none. */
export function word<V extends string | null>(value: V): ModelledSetting<string | (V & null)> {
  return { type: 'string', default: value }
}

/** One of a few words. */
export function choice<W extends string>(
  value: NoInfer<W>,
  oneOf: readonly W[],
  before?: { readonly version: KafkaVersion; readonly value: NoInfer<W> },
): ModelledSetting<W> {
  return { type: 'string', default: value, oneOf, ...(before === undefined ? {} : { before }) }
}

/** None, or one of a few words. */
export function choiceOrNull<W extends string>(oneOf: readonly W[]): ModelledSetting<W | null> {
  return { type: 'string', default: null, oneOf }
}

/** Items between commas, as Kafka writes its lists. */
export function list(value: string): ModelledSetting<string> {
  return { type: 'list', default: value }
}
