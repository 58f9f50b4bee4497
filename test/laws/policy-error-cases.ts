import assert from "node:assert/strict";
import { type ExecutionPolicy, SessionError, type SessionHandler } from "sessionwire";
import {
  type ConformanceCase,
  createReferenceHandler,
  createScriptedHandler,
  rejects,
  settled,
} from "sessionwire/testing";
import { behindPolicy, type PolicyParts } from "./behind-policy.ts";
import { type NamedChecks, namedCases } from "./named-cases.ts";
import { failing, operations } from "./troubled-handler.ts";

const create = { replaces: undefined, ttlSeconds: 3600 };
const data = Uint8Array.of(1);

/** The errors of `withPolicy`, with their outcomes. */
export function policyErrorCases(parts: PolicyParts): ConformanceCase[] {
  return namedCases(checks, parts);
}

const checks: NamedChecks<PolicyParts> = {
  async "an operation that the policy does not let through is not applied, and has the code of the reason (law 34)"(
    parts,
  ) {
    for (const [error, code] of [
      [Object.assign(new Error("open"), { isBrokenCircuitError: true }), "unavailable"],
      [Object.assign(new Error("full"), { isBulkheadRejectedError: true }), "overloaded"],
      [Object.assign(new Error("late"), { isTaskCancelledError: true }), "timeout"],
      [new TypeError("of another library"), "overloaded"],
      ["a text", "overloaded"],
    ] as const) {
      for (const { changes, make } of operations) {
        const { handler, times } = behindPolicy(parts, { execute: () => Promise.reject(error) });
        const failure = await rejects(make(handler), code, changes ? "not-applied" : undefined);
        assert.equal(failure.cause, error);
        assert.equal(times.length, 0);
      }
    }
  },
  async "a change under way when its policy ends is unknown, whatever it comes to later (law 34)"(parts) {
    const late = Object.assign(new Error("late"), { isTaskCancelledError: true });
    for (const fails of [false, true]) {
      const inner = createScriptedHandler(createReferenceHandler());
      const policy: ExecutionPolicy = {
        async execute(run) {
          run();
          throw late;
        },
      };
      const held = inner.hold("destroy");
      await rejects(parts.withPolicy(inner, policy).destroy("a"), "timeout", "unknown");
      held.release(fails ? () => Promise.reject(new Error("later")) : undefined);
      await settled(); // without an unhandled rejection
    }
  },
  async "an error that a policy keeps from an earlier run does not hide that a later one may have been applied (law 34)"(
    parts,
  ) {
    const policy: ExecutionPolicy = {
      async execute(run) {
        const first = await run().catch((error: unknown) => error);
        await run();
        throw first;
      },
    };
    const { handler } = behindPolicy(parts, policy, failing(1, "unavailable", "not-applied"));
    await rejects(handler.write("a", data, create), "unavailable", "unknown");
  },
  async "a run that the policy aborts ends with code timeout, and one of a caller who gives up with code aborted (law 39)"(
    parts,
  ) {
    for (const byCaller of [false, true]) {
      const [ofPolicy, ofCaller] = [new AbortController(), new AbortController()];
      const policy: ExecutionPolicy = { execute: (run) => run({ signal: ofPolicy.signal }) };
      const inner = createReferenceHandler();
      const touch: SessionHandler["touch"] = (_id, _ttl, options) =>
        new Promise((_, reject) => {
          options?.signal?.addEventListener("abort", () =>
            reject(new SessionError("aborted", "Gone.", { cause: options.signal?.reason, outcome: "unknown" })),
          );
        });
      const handler = parts.withPolicy({ ...inner, touch }, policy);
      const reason = new Error("enough");
      const call = rejects(
        handler.touch("a", 60, { signal: ofCaller.signal }),
        byCaller ? "aborted" : "timeout",
        "unknown",
      );
      (byCaller ? ofCaller : ofPolicy).abort(reason);
      const error = await call;
      if (byCaller) assert.equal(error.cause, reason);
    }
  },
  async "a policy without `execute` is refused (law 33)"({ withPolicy }) {
    for (const wrong of [{}, null, () => {}, { execute: "now" }] as never[]) {
      assert.throws(() => withPolicy(createReferenceHandler(), wrong), TypeError);
    }
  },
};
