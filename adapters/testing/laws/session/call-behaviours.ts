import type { SessionErrorCode } from "sessionwire";
import { type CallBehaviour, losesRequest, type ScriptedHandler } from "../../scripted-handler.ts";

/** Neither carries out nor answers the call. */
export const never: CallBehaviour = () => new Promise(() => {});

/** Carries out the call, and does not answer it. */
export const neverAnswered: CallBehaviour = async (apply) => {
  await apply();
  return never(apply);
};

/** Does something else first. */
export function after(act: () => Promise<unknown>, behaviour: CallBehaviour = (apply) => apply()): CallBehaviour {
  return async (apply) => {
    await act();
    return behaviour(apply);
  };
}

/** Does something else between the effect of the call and its reply. */
export function before(act: () => Promise<unknown>, behaviour: CallBehaviour): CallBehaviour {
  return (apply) =>
    behaviour(async () => {
      const result = await apply();
      await act();
      return result;
    });
}

/** Loses the next write, and returns a function that lets it arrive late. */
export function loseNextWrite(handler: ScriptedHandler, code?: SessionErrorCode): () => Promise<unknown> {
  let arrive = async (): Promise<unknown> => undefined;
  handler.next("write", (apply) => {
    arrive = apply;
    return losesRequest(code)(apply);
  });
  return () => arrive();
}

/** Carries out the next write at once, and returns a function that lets its answer arrive. */
export function delayNextAnswer(handler: ScriptedHandler): () => void {
  let answer = () => {};
  handler.next("write", async (apply) => {
    const result = await apply();
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return result;
  });
  return () => answer();
}
