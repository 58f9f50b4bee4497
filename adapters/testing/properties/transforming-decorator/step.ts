import type { SessionHandler } from "sessionwire";
import type { Step } from "../contract.ts";
import type { Call } from "./calls.ts";
import type { Scene } from "./scene.ts";

/** Returns a step about one call, by one of the processes. A listing applies only to handlers that can list. */
export function step(
  { method }: Call,
  words: string,
  take: (scene: Scene, by: (process: number) => SessionHandler) => Promise<void>,
): Step<Scene> {
  return {
    words,
    async take(scene) {
      const by = (process: number) => scene.processes[process % 2] as SessionHandler; // there are two
      if (method in by(0)) await take(scene, by);
    },
  };
}
