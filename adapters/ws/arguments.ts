export function hasMethods(value: unknown, names: readonly string[]): boolean {
  return (
    typeof value === "object" && value !== null && names.every((name) => typeof value[name as never] === "function")
  );
}

export function checkWhole(name: string, value: unknown, max: number): void {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max) return;
  const given = typeof value === "number" ? String(value) : `a value of type ${typeof value}`;
  throw new RangeError(`${name} must be a whole number from 1 to ${max}, not ${given}.`);
}
