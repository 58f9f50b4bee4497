import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 27,
    bug: "any prefix is accepted",
    from: '" && prefix.isWellFormed() && /^([^:]+:)?$/.test(prefix)',
    to: '"',
  },
  {
    breaks: 34,
    bug: "a backend that declares nothing is believed if its method takes the call",
    from: "ttlSeconds, call), true",
    to: "ttlSeconds, call), backend.touch.length < 3",
  },
  {
    breaks: 37,
    bug: "a write that was refused is made again on what is there",
    from: "(call) => backend.write(prefix + id, copy, { replaces, ttlSeconds }, call)",
    to: "async (call) => { const result = await backend.write(prefix + id, copy, { replaces, ttlSeconds }, call);\n return result.written ? result : backend.write(prefix + id, copy, { replaces: result.current?.version, ttlSeconds }, { notSentYet() {}, send: (request) => request() } as never); }",
  },
  { breaks: 111, bug: "all wait for the caller who closes first", from: "calls.closeWith(() => first)", to: "first" },
  {
    breaks: "a guarded handler can list exactly if its backend can, and can ping if the backend can do that too",
    bug: "every guarded handler claims to list",
    from: "isListing(backend) ? listMethod(backend, prefix, calls) : {}",
    to: "listMethod(backend as never, prefix, calls)",
  },
  {
    breaks: "a listing settles by the deadline, by the signal or by close",
    bug: "a listing is not run as a call",
    from: "calls.run(false, cancelSourceOf(options), async (call) => {\n        const { keys, next } = await backend.list(keyPrefix, cursor, call",
    to: "(async () => {\n        const { keys, next } = await backend.list(keyPrefix, cursor, undefined as never",
  },
  {
    breaks: "the backend is asked for keys with both prefixes, and any other keys in its answer are left out",
    bug: "keys that are no ids are listed",
    from: ": ids.filter(isId)",
    to: "",
  },
  {
    breaks: "with a prefix, exactly the ids that start with it are listed, whatever it is",
    bug: "the prefix of the ids is not looked at",
    from: 'prefix + (options?.prefix ?? "")',
    to: "prefix",
  },
  {
    breaks: "wrong arguments are refused before the backend is called",
    bug: "the guard leaves the arguments to the backend",
    from: "      checkList(options);\n",
    to: "",
  },
];
