import { isSessionError, type NetworkedSessionHandler, type Version, withConnectionCheck } from "sessionwire";
import { expect } from "vitest";
import { everythingIn, failuresOf } from "../laws/secrets.ts";
import { bytes, textOf } from "../redis/session-data.ts";

/** What no error may tell. */
export const secretId = "id-to-be-kept-secret 'quoted\" \r\n";
export const secretData = "data-to-be-kept-secret";
export const secretPassword = "password-to-be-kept-secret";

/** What a handler's errors may tell nothing of. Its version is that of the data above in an undamaged store. */
export interface Secrets {
  readonly version: Version;
  readonly pattern: RegExp;
}

/** Learns from an undamaged store which version the data has: it begins with a digest, by which the data could be recognised. */
export async function secretsIn(handler: NetworkedSessionHandler): Promise<Secrets> {
  const result = await handler.write(secretId, bytes(secretData), { replaces: undefined, ttlSeconds: 60 });
  expect(textOf(await handler.read(secretId))).toBe(secretData);
  if (!result.written) throw new Error("There is such a session.");
  return { version: result.version, pattern: new RegExp(`to-be-kept-secret|${result.version.slice(0, 40)}`) };
}

/** Expects the errors of all operations to have one of the codes and no secrets, and those behind a check to have none either. */
export async function expectSecrecy(
  open: (timeoutMs: number) => NetworkedSessionHandler,
  secrets: Secrets,
  ...codes: readonly string[]
): Promise<void> {
  await using handler = open(300);
  const limits = { everySeconds: 0, pingTimeoutMs: 100, reconnectTimeoutMs: 100 };
  await using checked = withConnectionCheck(open(300), limits);
  const failures = await secretFailuresOf(handler, secrets);
  expect(failures).not.toEqual([]);
  for (const error of failures) expect(codes).toContain(isSessionError(error) && error.code);
  expectNoSecrets([...failures, ...(await secretFailuresOf(checked, secrets))], secrets);
}

export function secretFailuresOf(handler: NetworkedSessionHandler, { version }: Secrets): Promise<unknown[]> {
  return failuresOf(handler, secretId, secretData, version);
}

export function expectNoSecrets(errors: readonly unknown[], { pattern }: Secrets): void {
  for (const error of errors) expect(everythingIn(error)).not.toMatch(pattern);
}
