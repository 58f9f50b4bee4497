import type { CallBehaviour } from "sessionwire/testing";
import { type Fixture, increment } from "./fixture.ts";

// The rosters of managers that take turns: records beside the sessions, which say who stands in line.

export async function count({ sessions }: Fixture, id: string): Promise<void> {
  await sessions.update(id, (draft) => draft.update("count", increment));
}

export async function countAgainAndAgain(fixture: Fixture, id: string, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await count(fixture, id);
}

/** Each of the next writes takes a while. */
export function slowDown({ handler, clock }: Fixture, ms: number): void {
  const slowly: CallBehaviour = async (apply) => {
    await new Promise<void>((resolve) => void clock.schedule(resolve, ms));
    return apply();
  };
  handler.next("write", slowly, 100);
}

/** Before each of the next writes, another process changes the session. */
export function othersAreFaster(fixture: Fixture, id: string, times: number): void {
  const others = othersAreFasterOn(fixture, id, times);
  fixture.handler.next(
    "write",
    async (apply) => {
      await others();
      return apply();
    },
    times,
  );
}

export function othersAreFasterOn(fixture: Fixture, id: string, times: number): () => Promise<void> {
  const others = fixture.process();
  let left = times;
  return async () => {
    if (left === 0) return;
    left -= 1;
    await others.update(id, (draft) => draft.update("others", increment));
  };
}

/** Makes one change after the other for so long. */
export async function busyFor(fixture: Fixture, id: string, ms: number): Promise<void> {
  for (let elapsed = 0; elapsed < ms; elapsed += 0.5) {
    void count(fixture, id);
    await fixture.clock.advance(0.5); // who does nothing for 1 ms leaves the line
  }
}

export async function waitInLine(fixture: Fixture, id: string, names: readonly string[]): Promise<void> {
  await putRoster(fixture, id, JSON.stringify({ turns: [...((await lineOf(fixture, id)) ?? []), ...names] }));
}

/** Others get on: the roster changes, and the first one stays the first. */
export async function addToLine(fixture: Fixture, id: string, number: number): Promise<void> {
  const line = (await lineOf(fixture, id)) ?? [];
  const [first, ...rest] = line.filter((name) => !name.startsWith("more"));
  await putRoster(fixture, id, JSON.stringify({ turns: [first, ...rest, `more${1000 + number}`] }));
}

export async function lineOf(fixture: Fixture, id: string): Promise<readonly string[] | undefined> {
  const roster = await rosterOf(fixture, id);
  return roster && JSON.parse(roster).turns;
}

export async function putRoster({ store, format }: Fixture, id: string, text: string): Promise<void> {
  const key = `turn:${await format.keyOf(id)}`;
  const replaces = (await store.read(key))?.version;
  await store.write(key, new TextEncoder().encode(text), { replaces, ttlSeconds: 60 });
}

export async function rosterOf({ store, format }: Fixture, id: string): Promise<string | undefined> {
  const roster = await store.read(`turn:${await format.keyOf(id)}`);
  return roster && new TextDecoder().decode(roster.data);
}

export function rosterCalls({ handler }: Fixture): string[] {
  return handler.calls.filter(({ key }) => isRoster(key)).map(({ method }) => method);
}

export function isRoster(key: string): boolean {
  return key.startsWith("turn:");
}
