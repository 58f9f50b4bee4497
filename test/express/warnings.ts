export interface Warning {
  readonly message: string;
  readonly code: string | undefined;
}

/** The warnings of the process while `act` runs. */
export async function warningsDuring(act: () => Promise<unknown>): Promise<Warning[]> {
  const warnings: Warning[] = [];
  const listen = ({ message, ...more }: Error) => void warnings.push({ message, code: Reflect.get(more, "code") });
  process.on("warning", listen);
  try {
    await act();
    await new Promise(setImmediate); // they come in a turn of their own
  } finally {
    process.off("warning", listen);
  }
  return warnings;
}
