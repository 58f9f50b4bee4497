/** Returns the value below which this fraction of the sorted values lies: 0.5 is the median. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Returns the median of each member. */
export function mediansOf<Measured extends Readonly<Record<string, number>>>(samples: readonly Measured[]): Measured {
  const names = Object.keys(samples[0] ?? {});
  const medians = names.map((name) => [name, median(samples.map((sample) => sample[name] ?? Number.NaN))]);
  return Object.fromEntries(medians) as Measured; // it has the same names
}

/**
 * Formats three significant digits, with separated thousands: `0.0512`, `12.3`, `104,000`; `–` for a number that does
 * not apply.
 */
export function formatNumber(value: number | null): string {
  return value === null ? "–" : value.toLocaleString("en", { maximumSignificantDigits: 3 });
}
