import { isSessionError, type NetworkedSessionHandler, SessionError } from "sessionwire";
import { type NetworkedHandlerOptions, networkedCases } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { redisHarness } from "../conformance/stores/redis.ts";
import { ignoreUnhandledRejections } from "../laws/unhandled.ts";
import { isRefuted } from "../laws/within.ts";

type Handler = NetworkedSessionHandler;

interface Mutant {
  readonly law: number;
  readonly bug: string;
  /** What is wrong with the methods of a handler; `open` makes another one at the same port. */
  methods(handler: Handler, open: () => Handler): Partial<Handler>;
}

const { create, startServer } = redisHarness();
const reconnectsInVain: Mutant["methods"] = () => ({ reconnect: async () => {} });

/** Behaviours that stores and clients have had, one at least for each law of a networked handler. */
const mutants: readonly Mutant[] = [
  {
    law: 21,
    bug: "comparing and writing are two steps",
    methods: ({ read, write }) => ({
      async write(id, data, options) {
        const current = await read(id);
        if (current?.version !== options.replaces) return { written: false, current };
        if (Math.random() < 0.5) await pause(1); // not in step with the others, who would be refused
        return write(id, data, { ...options, replaces: (await read(id))?.version });
      },
    }),
  },
  {
    law: 23,
    bug: "a version stands for whatever is there",
    methods: (handler) => unconditional(handler),
  },
  {
    law: 30,
    bug: "a replacing write replaces whatever is there",
    methods: (handler) => unconditional(handler),
  },
  {
    law: 32,
    bug: "an outage is an absence",
    methods: ({ read }) => ({ read: (...args) => read(...args).catch(() => undefined) }),
  },
  {
    law: 34,
    bug: "nothing is known of what was not sent",
    methods: (handler) => failing(handler, (error) => new SessionError(error.code, "x", { outcome: "unknown" })),
  },
  {
    law: 35,
    bug: "an error names the session",
    methods: ({ touch }) => ({
      touch: (id, ...args) =>
        touch(id, ...args).catch((error) => {
          throw new SessionError(error.code, id, { outcome: error.outcome });
        }),
    }),
  },
  {
    law: 36,
    bug: "what has failed is sent again",
    methods: ({ touch }) => ({ touch: (...args) => touch(...args).catch(() => touch(...args)) }),
  },
  { law: 37, bug: "a late write replaces whatever is there", methods: (handler) => unconditional(handler) },
  {
    law: 38,
    bug: "a call that fails never settles",
    methods: ({ read }) => ({ read: (...args) => read(...args).catch(() => new Promise(() => {})) }),
  },
  {
    law: 39,
    bug: "a signal is not looked at",
    methods: ({ write }) => ({ write: (id, data, { signal: _, ...options }) => write(id, data, options) }),
  },
  {
    law: 40,
    bug: "closing waits for what is under way",
    methods: ({ ping, close }) => ({
      async close() {
        await ping().catch(() => {});
        await close();
      },
    }),
  },
  {
    law: 41,
    bug: "a replacing write creates what is gone",
    methods: ({ write }) => ({
      async write(id, data, options) {
        const result = await write(id, data, options);
        const isGone = !result.written && result.current === undefined;
        return isGone ? write(id, data, { ...options, replaces: undefined }) : result;
      },
    }),
  },
  {
    law: 44,
    bug: "each write has a connection of its own",
    methods: (_, open) => ({ write: (...args) => open().write(...args) }),
  },
  {
    law: 46,
    bug: "a connection that was lost fails the next call",
    methods({ write }) {
      let isFresh = false;
      return {
        write: (...args) => {
          if (isFresh) return write(...args);
          isFresh = true;
          throw new SessionError("unavailable", "x", { outcome: "not-applied" });
        },
      };
    },
  },
  {
    law: 51,
    bug: "a reconnection opens two connections",
    methods: ({ reconnect }, open) => ({
      async reconnect(options) {
        await open().ping();
        await reconnect(options);
      },
    }),
  },
  { law: 53, bug: "a reconnection does nothing", methods: reconnectsInVain },
  {
    law: 58,
    bug: "a ping is answered by nobody",
    methods: () => ({ ping: async () => {} }),
  },
  { law: 60, bug: "a reconnection does nothing", methods: reconnectsInVain },
  { law: 61, bug: "a reconnection does nothing", methods: reconnectsInVain },
  { law: 66, bug: "a reconnection does nothing", methods: reconnectsInVain },
  {
    law: 67,
    bug: "every call has an attempt of its own",
    methods: (_, open) => ({ read: (...args) => open().read(...args) }),
  },
  {
    law: 68,
    bug: "closing takes its time",
    methods: ({ close }) => ({ close: () => pause(5).then(close) }),
  },
  { law: 69, bug: "closing leaves the connection", methods: () => ({ close: async () => {} }) },
  {
    law: 70,
    bug: "a reconnection leaves the old connection",
    methods: (handler, open) => {
      let current: Handler | undefined;
      return {
        async reconnect() {
          current = open();
          await current.ping();
        },
        read: (...args) => (current ?? handler).read(...args),
      };
    },
  },
  { law: 78, bug: "a reconnection does nothing", methods: reconnectsInVain },
];

describe("a broken handler is found by", () => {
  ignoreUnhandledRejections();
  const caseLaws = [...new Set(networkedCases({ startServer, create }).map(({ law }) => law))];

  for (const mutant of mutants) {
    test(`law ${mutant.law}: ${mutant.bug}`, async () => {
      const closings: (() => Promise<void>)[] = [];
      const broken = (port: number, options: NetworkedHandlerOptions): Handler => {
        const open = () => {
          const other = create(port, options);
          closings.push(other.close);
          return other;
        };
        const handler = open();
        return Object.assign(handler, mutant.methods({ ...handler }, open));
      };
      const cases = networkedCases({ startServer, create: broken }).filter(({ law }) => law === mutant.law);
      let isCaught = false;
      for (const { run } of cases) isCaught ||= await isRefuted(run, 8000);
      expect(isCaught).toBe(true);
      await Promise.all(closings.map((close) => close()));
    });
  }

  test("each of them", () => {
    expect(new Set(mutants.map(({ law }) => law))).toEqual(new Set(caseLaws));
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function unconditional({ read, write }: Handler): Partial<Handler> {
  return {
    write: async (id, data, options) =>
      write(id, data, { ...options, replaces: options.replaces && (await read(id))?.version }),
  };
}

function failing({ write }: Handler, become: (error: SessionError) => SessionError): Partial<Handler> {
  return {
    write: (...args) =>
      write(...args).catch((error: unknown) => {
        throw isSessionError(error) ? become(error) : error;
      }),
  };
}
