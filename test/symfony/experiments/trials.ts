import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { PhpRequests } from "./php-requests.ts";
import { aged, numberIn, type RawSessions } from "./raw-sessions.ts";
import type { SaveHandler } from "./save-handlers.ts";
import type { Writer } from "./writer.ts";

/** The time in ms that a writer which waits for a lock of PHP is given, before PHP goes on. */
const lockPatienceMs = 50;

/** The parts of a trial. */
export interface Scene {
  readonly saveHandler: SaveHandler;
  readonly php: PhpRequests;
  readonly sessions: RawSessions;
  readonly writer: Writer;
  /** Where requests of PHP wait. */
  readonly control: Redis;
}

/** The number of changes that were lost, of PHP and of the writer. */
export interface Lost {
  readonly php: number;
  readonly node: number;
}

/** The writer works while a request of PHP has read the session and not yet written it. */
export async function writeDuringRequest(scene: Scene, does: "writes" | "only reads"): Promise<Lost> {
  return writeDuringRequestOf(await createSession(scene), scene, does);
}

/** The same with a request that only reads, and comes within the second of the last use. */
export async function writeDuringQuickRequest(scene: Scene): Promise<Lost> {
  await sleep(1000 - (Date.now() % 1000)); // a second has just begun
  return writeDuringRequestOf(await createFreshSession(scene), scene, "only reads");
}

async function writeDuringRequestOf(id: string, scene: Scene, does: "writes" | "only reads"): Promise<Lost> {
  const barrier = randomUUID();
  const work = does === "writes" ? ["increment:php"] : ["get:php"];
  const request = scene.php.send(scene.saveHandler, id, [...work, `wait:${barrier}`]);
  await scene.control.blpop(`${barrier}:reached`, 20);
  const written = writeOnce(scene.writer, id);
  await Promise.race([written, sleep(lockPatienceMs)]);
  await scene.control.rpush(`${barrier}:open`, "1");
  await Promise.all([request, written]);
  return lostOf(scene, id, { php: does === "writes" ? 1 : 0, node: 1 });
}

/** A whole request of PHP happens after the writer has read the session, and before it writes. */
export async function requestDuringWrite(scene: Scene): Promise<Lost> {
  const id = await createSession(scene);
  const write = await scene.writer.open(id);
  await scene.php.send(scene.saveHandler, id, ["increment:php"]);
  await write();
  return lostOf(scene, id, { php: 1, node: 1 });
}

/** Both change the same session as often and as fast as they can. */
export async function writeSideBySide(scene: Scene, times: number): Promise<Lost> {
  const id = await createSession(scene);
  await Promise.all([
    repeat(times, () => scene.php.send(scene.saveHandler, id, ["increment:php"])),
    repeat(times, () => writeOnce(scene.writer, id)),
  ]);
  return lostOf(scene, id, { php: times, node: times });
}

/** PHP signs out after the writer has read the session, and before it writes. Returns true if the session is there afterwards. */
export async function isRevivedAfterSignOut(scene: Scene): Promise<boolean> {
  const id = await createSession(scene);
  const write = await scene.writer.open(id);
  await scene.php.send(scene.saveHandler, id, ["invalidate"]);
  await write();
  return isThere(scene, id);
}

/** PHP signs out while the writer writes without a pause. Returns true if the session is there afterwards. */
export async function isRevivedBesideSignOut(scene: Scene): Promise<boolean> {
  const id = await createSession(scene);
  let isSignedOut = false;
  const write = async () => {
    while (!isSignedOut) await writeOnce(scene.writer, id);
  };
  const writing = [write(), write(), write()];
  await scene.php.send(scene.saveHandler, id, ["invalidate"]);
  isSignedOut = true;
  await Promise.all(writing);
  return isThere(scene, id);
}

/** The end of a trial in which a sign-in of PHP gives the session another id. */
export interface SignInResult {
  /** True if the old id leads to a session again. */
  readonly isOldThere: boolean;
  /** True if the change has come into the new session. */
  readonly isWritten: boolean;
}

/** PHP signs in after the writer has read the session, and before it writes. */
export async function writeAfterSignIn(scene: Scene): Promise<SignInResult> {
  const id = await createSession(scene);
  const write = await scene.writer.open(id);
  const newId = await scene.php.send(scene.saveHandler, id, ["migrate"]);
  await write();
  const text = await scene.sessions.read(scene.saveHandler, newId);
  return { isOldThere: await isThere(scene, id), isWritten: numberIn(text, "node") === 1 };
}

async function isThere({ sessions, saveHandler }: Scene, id: string): Promise<boolean> {
  return (await sessions.read(saveHandler, id)) !== undefined;
}

/** Returns the id of a session that was last used a minute ago. */
async function createSession(scene: Scene): Promise<string> {
  const { saveHandler, sessions } = scene;
  const id = await createFreshSession(scene);
  const text = (await sessions.read(saveHandler, id)) ?? "";
  await sessions.write(saveHandler, id, aged(text));
  return id;
}

function createFreshSession({ saveHandler, php }: Scene): Promise<string> {
  return php.send(saveHandler, undefined, ["set:php:0", "set:node:0"]);
}

async function writeOnce(writer: Writer, id: string): Promise<void> {
  const write = await writer.open(id);
  await write();
}

async function repeat(times: number, run: () => Promise<unknown>): Promise<void> {
  for (let count = 0; count < times; count += 1) await run();
}

async function lostOf({ saveHandler, sessions }: Scene, id: string, made: Lost): Promise<Lost> {
  const text = await sessions.read(saveHandler, id);
  return { php: made.php - numberIn(text, "php"), node: made.node - numberIn(text, "node") };
}
