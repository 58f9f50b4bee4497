import { isSessionError, type SessionHandler } from "sessionwire";
import { print } from "../../print.ts";
import { holds, type Step } from "../contract.ts";
import { make, read, write } from "./calls.ts";
import { type Content, contentOf, ids } from "./contents.ts";
import { isEqual } from "./expectations.ts";
import type { Made } from "./running-call.ts";
import type { Scene } from "./scene.ts";

/** Copies the bytes of one session to the id of the other, as another program would. */
export function moveBytes(place: number): Step<Scene> {
  const [from, to] = place === 0 ? ids : ([ids[1], ids[0]] as const);
  return {
    words: `the bytes of "${from}" are copied to "${to}", read("${to}")`,
    async take(scene) {
      const entry = scene.store.entries.get(from);
      if (!scene.subject.bindsId || !entry || scene.contents.get(entry.version) === undefined) return;
      await expectRefused(scene, to, entry.data, 139);
    },
  };
}

/** Another program has stored data without the decorator. */
export function storePlain(id: string): Step<Scene> {
  const plain = contentOf('{"user":"eve","isAdmin":true}');
  return {
    words: `${plain.words} is stored without the decorator, read("${id}")`,
    async take(scene) {
      if (scene.subject.hides) await expectRefused(scene, id, plain.bytesOn(scene), 43);
    },
  };
}

/** The bytes of a session are replaced, and it is read. */
async function expectRefused(scene: Scene, id: string, stored: Uint8Array, law: number): Promise<void> {
  scene.contents.set(scene.store.put(id, stored.slice()), undefined);
  const made = await make(read(id), scene, scene.processes[0]);
  holds(law, isUnreadable(made, ["corrupt"]), saying(made, "the stored bytes are not its own"));
}

/**
 * The keys are changed: what was written before is there during the change and not after it, and what was written
 * during the change is there after it.
 */
export function changeKeys(id: string, [old, next]: readonly [Content, Content]): Step<Scene> {
  const words = `write("${id}", ${old.words}) with the old key, write("${id}", ${next.words}) during the change of keys`;
  return {
    words,
    async take(scene) {
      const { keyChange, processes } = scene;
      if (keyChange === undefined) return;
      await replace(scene, id, old, keyChange.before);
      if (scene.found(id) === undefined) return; // it was too large
      await expectData(scene, id, processes[0]);
      const made = await make(read(id), scene, keyChange.after);
      const codes = ["corrupt", "key-missing"];
      holds(141, isUnreadable(made, codes), saying(made, "it was written with the old key, which is gone"));
      await replace(scene, id, next, processes[0]);
      await expectData(scene, id, keyChange.after);
    },
  };
}

/** Replaces whatever is stored, which the handler need not be able to read. */
async function replace(scene: Scene, id: string, content: Content, handler: SessionHandler): Promise<void> {
  scene.store.entries.delete(id);
  const call = write(id, content);
  call.expect(scene, await make(call, scene, handler));
}

async function expectData(scene: Scene, id: string, handler: SessionHandler): Promise<void> {
  const expected = scene.found(id);
  const made = await make(read(id), scene, handler);
  const { data } = Object(made.result) as { readonly data?: Uint8Array }; // of a session, if it returned one
  const isThere = data !== undefined && expected?.data !== undefined && isEqual(data, expected.data);
  holds(141, isThere || expected === undefined, saying(made, "its key is known"));
}

function isUnreadable({ error }: Made, codes: readonly string[]): boolean {
  return isSessionError(error) && codes.includes(error.code);
}

function saying({ words, result, error }: Made, reason: string): string {
  const said = error === undefined ? `returns ${print(result)}` : `rejects with ${String(error)}`;
  return `${words} ${said} although ${reason}`;
}
