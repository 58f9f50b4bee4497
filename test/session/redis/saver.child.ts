import { createSessionManager, isSessionError } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { begin } from "../../processes/processes.ts";
import { type Counts, present } from "./writers.ts";

// Is told one session id after the other. Saves and updates each of them in a hurry, with one word when the first save has been
// acknowledged, and a report when nothing succeeds any more.

/** What became of the calls on one session. */
export interface SaverReport {
  readonly acknowledged: number;
  /** The codes that the last call in each way was rejected with. */
  readonly codes: string[];
}

const sessions = createSessionManager<Counts>({ handler: createRedisHandler(process.env.REDIS_URL ?? "") });
process.on("message", (id: string) => void use(id));
await begin();

async function use(id: string): Promise<void> {
  if (id === "begin") return;
  const kept = await present(sessions.open(id));
  const stale = await present(sessions.open(id));
  stale.set("stale", 1);
  let acknowledged = 0;
  const save = () => {
    kept.update("saved", (saved = 0) => saved + 1);
    return kept.save();
  };
  const update = () => sessions.update(id, (draft) => draft.update("updated", (updated = 0) => updated + 1));
  await save();
  process.send?.("busy");
  const codes = await Promise.all([save, update].map(untilRefused));
  codes.push(await untilRefused(() => stale.save()));
  process.send?.({ acknowledged, codes } satisfies SaverReport);

  async function untilRefused(act: () => Promise<unknown>): Promise<string> {
    for (;;) {
      try {
        await act();
        acknowledged += 1;
      } catch (error) {
        return isSessionError(error) ? error.code : String(error);
      }
    }
  }
}
