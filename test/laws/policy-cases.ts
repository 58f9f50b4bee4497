import assert from "node:assert/strict";
import type { ExecutionPolicy } from "sessionwire";
import {
  type ConformanceCase,
  createReferenceHandler,
  createScriptedHandler,
  losesReply,
  rejects,
} from "sessionwire/testing";
import { behindPolicy, type PolicyParts } from "./behind-policy.ts";
import { type NamedChecks, namedCases } from "./named-cases.ts";
import { failing, operations } from "./troubled-handler.ts";

const create = { replaces: undefined, ttlSeconds: 3600 };
const data = Uint8Array.of(1);

/** The promises of `withPolicy` that no other decorator makes. */
export function policyCases(parts: PolicyParts): ConformanceCase[] {
  return namedCases(checks, parts);
}

const checks: NamedChecks<PolicyParts> = {
  async "a policy that runs an operation again repeats what had no effect, and nothing else (law 135)"(parts) {
    for (const { changes, make } of operations) {
      for (const [outcome, attempts] of [
        ["not-applied", 3],
        ["unknown", changes ? 1 : 3],
      ] as const) {
        const { handler, times } = behindPolicy(
          parts,
          retrying(3),
          failing(9, "unavailable", changes ? outcome : undefined),
        );
        await rejects(make(handler), "unavailable", changes ? outcome : undefined);
        assert.equal(times.length, attempts);
        const passing = behindPolicy(
          parts,
          retrying(3),
          failing(2, "unavailable", changes ? "not-applied" : undefined),
        );
        await make(passing.handler);
        assert.equal(passing.times.length, 3);
      }
    }
  },
  async "a change whose reply was lost is made once, and its error is the one that is reported (law 135)"(parts) {
    const inner = createScriptedHandler(createReferenceHandler());
    const handler = parts.withPolicy(inner, retrying(5));
    inner.next("write", losesReply());
    await rejects(handler.write("a", data, create), "unavailable", "unknown");
    assert.equal(inner.count("write"), 1);
    assert.deepEqual((await handler.read("a"))?.data, data);
  },
  async "a policy that runs a change twice, in turn or at once, gets the same answer twice (law 135)"(parts) {
    const answers: unknown[] = [];
    const inTurn: ExecutionPolicy = {
      async execute(run) {
        answers.push(await run(), await run());
        return answers[0];
      },
    };
    const atOnce: ExecutionPolicy = {
      async execute(run) {
        answers.push(...(await Promise.all([run(), run()])));
        return answers[0];
      },
    };
    for (const policy of [inTurn, atOnce]) {
      answers.length = 0;
      const { handler, times } = behindPolicy(parts, policy);
      const written = await handler.write("a", data, create);
      assert.equal(written.written, true);
      assert.equal(times.length, 1);
      assert.equal(answers[0], written);
      assert.equal(answers[1], written);
    }
  },
  async "a run after the policy has ended is not executed, and rejects (law 135)"(parts) {
    for (const { make } of operations) {
      let late: (() => Promise<unknown>) | undefined;
      const policy: ExecutionPolicy = {
        async execute(run) {
          late = run;
          throw new Error("of the policy");
        },
      };
      const { handler, times } = behindPolicy(parts, policy);
      await assert.rejects(make(handler));
      await rejects(late?.() ?? Promise.resolve(), "aborted", "any");
      assert.equal(times.length, 0);
    }
  },
  async "what a policy answers in place of the store is a failure (law 32)"(parts) {
    for (const { changes, make } of operations) {
      for (const [answer, fails] of [undefined, false, true, { written: true }, { destroyed: true }].flatMap((each) =>
        [false, true].map((fails) => [each, fails] as const),
      )) {
        const instead: ExecutionPolicy = { execute: async () => answer };
        const fallback: ExecutionPolicy = { execute: (run) => run().catch(() => answer) };
        const outcome = changes ? "unknown" : undefined;
        const { handler } = behindPolicy(parts, fails ? fallback : instead, failing(1, "unavailable", outcome));
        if (fails) await rejects(make(handler), "unavailable", outcome);
        else await rejects(make(handler), "failed", changes ? "not-applied" : undefined);
      }
    }
  },
  async "what a policy makes of an answer is ignored (law 135)"(parts) {
    const policy: ExecutionPolicy = { execute: (run) => run().then(() => undefined) };
    const { handler } = behindPolicy(parts, policy);
    assert.equal((await handler.write("a", data, create)).written, true);
    assert.deepEqual((await handler.read("a"))?.data, data);
    assert.equal(await handler.touch("a", 60), true);
    assert.deepEqual(await handler.destroy("a"), { destroyed: true });
  },
};

function retrying(attempts: number): ExecutionPolicy {
  return {
    async execute(run) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await run();
        } catch (error) {
          if (attempt === attempts) throw error;
        }
      }
    },
  };
}
