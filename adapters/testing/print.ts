import { inspect } from "node:util";

const MAX_PRINTED = 40;

/**
 * Returns a value as it would be written in code: `"60"` differs from `60`, and letters that look alike are told apart.
 */
export function print(value: unknown): string {
  if (typeof value !== "string") {
    return inspect(value, {
      ...{ compact: true, breakLength: Infinity, depth: 2 },
      ...{ maxArrayLength: 8, maxStringLength: MAX_PRINTED },
    });
  }
  if (value.length <= MAX_PRINTED) return `"${escaped(value)}"`;
  // Long ids differ at their ends.
  return `"${escaped(value.slice(0, 3))}…${escaped(value.slice(-2))}" (${value.length} long)`;
}

/** Returns a call as it would be written in code. */
export function printCall(method: string, args: readonly unknown[]): string {
  return `${method}(${args.map(print).join(", ")})`;
}

function escaped(text: string): string {
  const quoted = JSON.stringify(text).slice(1, -1);
  return quoted.replace(/[^ -~]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`);
}
