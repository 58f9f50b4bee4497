import type { SessionErrorCode } from "sessionwire";
import { type CallBehaviour, losesRequest, type ScriptedHandler } from "../../scripted-handler.ts";

/** The call is neither carried out nor answered. */
export const never: CallBehaviour = () => new Promise(() => {});

/** The call is carried out, and not answered. */
export const neverAnswered: CallBehaviour = async (apply) => {
  await apply();
  return never(apply);
};

/** Something else happens first. */
export function after(act: () => Promise<unknown>, behaviour: CallBehaviour = (apply) => apply()): CallBehaviour {
  return async (apply) => {
    await act();
    return behaviour(apply);
  };
}

/** Something else happens between the effect of the call and its reply. */
export function before(act: () => Promise<unknown>, behaviour: CallBehaviour): CallBehaviour {
  return (apply) =>
    behaviour(async () => {
      const result = await apply();
      await act();
      return result;
    });
}

/** Loses the next write, which the result lets arrive all the same. */
export function loseNextWrite(handler: ScriptedHandler, code?: SessionErrorCode): () => Promise<unknown> {
  let arrive = async (): Promise<unknown> => undefined;
  handler.next("write", (apply) => {
    arrive = apply;
    return losesRequest(code)(apply);
  });
  return () => arrive();
}
