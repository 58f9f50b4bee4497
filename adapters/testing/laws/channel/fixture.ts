import assert from "node:assert/strict";
import type { SessionChannel, SessionChannelListener, SessionError, SessionMessage } from "sessionwire";
import { randomText } from "sessionwire/backend";
import type { Law } from "../law.ts";
import type { ChannelHarness, ChannelPlace } from "./harness.ts";

export type ChannelLaw = Law<ChannelFixture> & {
  /** The feature that the place needs for the law to apply to its channels. */
  readonly needs?: "connections" | "publishForeign";
};

/** A place and its channels, which are closed with it. */
export interface ChannelFixture extends AsyncDisposable {
  readonly place: ChannelPlace;
  open(): SessionChannel;
}

/** Maximum time in ms to wait for an expected event. */
export const PATIENCE_MS = 30_000;

export async function openFixture(harness: ChannelHarness): Promise<ChannelFixture> {
  const place = await harness.openPlace();
  const opened: SessionChannel[] = [];
  return {
    place,
    open() {
      const channel = place.create();
      opened.push(channel);
      return channel;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((channel) => channel.close()));
      await place[Symbol.asyncDispose]();
    },
  };
}

/** Keeps the messages it receives, in order. */
export interface Hearer extends SessionChannelListener {
  readonly heard: (SessionMessage | "gap")[];
  readonly errors: SessionError[];
  /** Returns the hashes of the messages that name one of these. */
  among(messages: readonly SessionMessage[]): string[];
}

export function createHearer(): Hearer {
  const heard: Hearer["heard"] = [];
  const errors: SessionError[] = [];
  return {
    heard,
    errors,
    onMessage: (message) => heard.push(message),
    onKeyEnded: () => assert.fail("An unexpected key was reported."),
    onGap: () => heard.push("gap"),
    onError: (error) => errors.push(error),
    among: (messages) =>
      heard
        .filter((each) => each !== "gap")
        .map(({ keyHash }) => keyHash)
        .filter((hash) => messages.some(({ keyHash }) => keyHash === hash)),
  };
}

export function createMessage(type: "created" | "ended" = "ended"): SessionMessage {
  return { type, keyHash: randomText(32), from: "a-process" };
}

/** Resolves when a message published by `publisher` reaches each of these hearers. */
export async function connected(publisher: SessionChannel, ...hearers: readonly Hearer[]): Promise<void> {
  const sent: SessionMessage[] = [];
  await until(() => {
    const probe = createMessage("created");
    sent.push(probe);
    publisher.publish(probe);
    return hearers.every((hearer) => hearer.among(sent).length > 0);
  });
}

/** Tries again every few milliseconds. */
export async function until(isSo: () => boolean, says = "The expected event did not happen."): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > deadline) assert.fail(says);
    await pause(5);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
