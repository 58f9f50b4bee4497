import type { SessionChannel, SessionMessage } from "sessionwire";
import { randomText } from "sessionwire/backend";
import { expect, vi } from "vitest";

const patient = { timeout: 60_000, interval: 5 };

/** What a channel lets its subscriber hear, in order: hashes, gaps, and the codes of errors. */
export function hear(channel: SessionChannel): string[] {
  const heard: string[] = [];
  channel.subscribe({
    onMessage: ({ keyHash }) => heard.push(keyHash),
    onKeyEnded: (key) => heard.push(key),
    onGap: () => heard.push("gap"),
    onError: ({ code }) => heard.push(`error ${code}`),
  });
  return heard;
}

/** Publishes a message, and returns the hash in it. */
export function tell(channel: SessionChannel): string {
  const message: SessionMessage = { type: "ended", keyHash: randomText(32), from: "a-process" };
  channel.publish(message);
  return message.keyHash;
}

/** Resolves when what `teller` publishes is heard. */
export async function untilHeard(teller: SessionChannel, heard: readonly string[]): Promise<void> {
  const told: string[] = [];
  await vi.waitUntil(() => {
    if (told.push(tell(teller)) % 4 !== 0) return false;
    return told.some((hash) => heard.includes(hash));
  }, patient);
}

/** What trouble has done to a channel. */
export interface Trouble {
  /** From the beginning of the trouble to the first gap. */
  readonly untilGapMs: number;
  /** Of what was told meanwhile. */
  readonly told: number;
  readonly missed: number;
}

/**
 * Tells something every few milliseconds while there is trouble, and until it is heard again. Each message must have been heard or
 * followed by a gap, and of what is told afterwards nothing may be missed.
 */
export async function expectNothingMissed(
  teller: SessionChannel,
  heard: string[],
  trouble: () => Promise<void>,
): Promise<Trouble> {
  await untilHeard(teller, heard);
  const told: { readonly hash: string; readonly after: number }[] = [];
  const telling = setInterval(() => told.push({ hash: tell(teller), after: heard.length }), 10);
  const { length } = heard;
  const start = performance.now();
  const gap = vi.waitUntil(() => heard.indexOf("gap", length) >= 0, patient).then(() => performance.now() - start);
  try {
    await trouble();
    await gap;
    await untilHeard(teller, heard);
  } finally {
    clearInterval(telling);
  }
  const isAccountedFor = ({ hash, after }: { hash: string; after: number }) =>
    heard.includes(hash) || heard.indexOf("gap", after) >= 0;
  await vi.waitUntil(() => told.every(isAccountedFor), patient);
  const later = Array.from({ length: 200 }, () => tell(teller));
  await vi.waitUntil(() => heard.includes(later.at(-1) ?? ""), patient);
  expect(heard.filter((hash) => later.includes(hash))).toEqual(later);
  return {
    untilGapMs: Math.round(await gap),
    told: told.length,
    missed: told.filter(({ hash }) => !heard.includes(hash)).length,
  };
}

/** Prints what a trouble has done. */
export function report(what: string, { untilGapMs, told, missed }: Trouble): void {
  console.info(`${what}: gap after ${untilGapMs} ms; of ${told} messages ${missed} made up for by it`);
}
