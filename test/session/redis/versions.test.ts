import { createSessionManager } from "sessionwire";
import { expect, test } from "vitest";
import { runTogether } from "../../processes/processes.ts";
import { openScene } from "../../redis/scene.ts";
import { newVersion, oldVersion } from "./versions.ts";

const { server, handler } = await openScene();
const script = new URL("./versions.child.ts", import.meta.url);
const TIMES = 200;

test("processes with an old and a new schema change one session at once, and nothing is lost (law 142)", async () => {
  const sessions = createSessionManager({ handler });
  const session = await createSessionManager({ handler, ...oldVersion }).create();
  session.set("name", "Ann");
  await session.save();
  const { id } = session;
  const env = { REDIS_URL: server.url, SESSION_ID: id, TIMES: `${TIMES}` };
  const [, strange] = await runTogether<number>(script, ["old", "new"], env);
  expect(strange).toBe(0);
  expect(await stored()).toEqual({
    name: `Ann ${TIMES}`,
    coupon: `${TIMES}`,
    theme: "dark",
    byOld: TIMES,
    byNew: TIMES,
  });

  const renewed = createSessionManager({ handler, ...newVersion });
  expect((await renewed.open(id))?.get("displayName")).toBe(`Ann ${TIMES}`);
  await renewed.update(id, (draft) => draft.set("displayName", "Eve"));
  expect(await stored()).toEqual({ displayName: "Eve", theme: "dark", byOld: TIMES, byNew: TIMES });

  async function stored() {
    const found = await sessions.open(id);
    return Object.fromEntries(found?.names().map((name) => [name, found.copy(name)]) ?? []);
  }
}, 60_000);
