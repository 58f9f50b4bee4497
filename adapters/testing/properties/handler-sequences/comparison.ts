import type { StoredSession } from "sessionwire";
import { holds } from "../contract.ts";
import { live, type Session, type World } from "./world.ts";

/** The fillings of arrays that were returned or passed in, by which a stored one is recognised. */
export const HANDED_OUT = 0xdd;
export const HANDED_IN = 0xee;

export async function look(world: World, id: string, law = 26): Promise<void> {
  compare(world, id, await world.handler.read(id), law);
}

/** The laws that are responsible themselves for the answers to their calls, and for the state afterwards. */
const own: readonly number[] = [10, 11, 13, 14, 17];

/** Compares the session found with the expected one. `law` is named unless another one explains the difference. */
export function compare(world: World, id: string, found: StoredSession | undefined, law: number): void {
  const session = live(world, id);
  if (session === undefined) {
    if (found) complainOf(world, id, found, law);
    return;
  }
  const lawOfLife = world.timeMs === session.writtenAtMs ? 2 : (session.expiryLaw ?? 7);
  judge(world, own.includes(law) ? law : lawOfLife, found !== undefined, "A session is missing");
  if (!found) return;
  const data = latin1(found.data);
  judge(world, own.includes(law) ? law : lawOfBytes(found.data, session), data === session.data, "The bytes differ");
  judge(world, own.includes(law) ? law : 24, found.version === session.version, "The version differs");
}

function lawOfBytes(found: Uint8Array, { replaced }: Session): number {
  const isFilledWith = (filling: number) => found.length > 0 && found.every((byte) => byte === filling);
  if (isFilledWith(HANDED_OUT)) return 4;
  if (isFilledWith(HANDED_IN)) return 5;
  return latin1(found) === replaced?.data ? 2 : 3;
}

/** Complains about a session that should not exist. */
function complainOf(world: World, id: string, found: StoredSession, law: number): void {
  const isOthers = [...world.sessions.values()].some(({ version }) => version === found.version);
  const ended = world.ended.get(id);
  const lawOfAbsence = ended?.law ?? (isOthers ? 26 : 1);
  judge(world, law === 13 ? 13 : lawOfAbsence, false, `A session that ${ended?.how ?? "never was"} is there`);
}

/** Names the call that revealed it. */
export function judge({ lastCall }: World, law: number, isTrue: boolean, says: string): void {
  if (!isTrue) holds(law, false, `${says}: ${lastCall()}`);
}

/** Returns a text of which each unit is one byte. */
export function latin1(data: Uint8Array): string {
  return Array.from(data, (byte) => String.fromCharCode(byte)).join("");
}
