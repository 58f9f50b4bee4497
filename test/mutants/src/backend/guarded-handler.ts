import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 3,
    bug: "bytes take a detour through text",
    from: "new Uint8Array(data",
    to: "Uint8Array.from(String.fromCharCode(...data), (unit) => unit.charCodeAt(0) & 0x7f",
  },
  {
    breaks: 5,
    bug: "the caller's array is read in a later turn",
    from: "backend.write(prefix + id, copy, { replaces, ttlSeconds }, call),",
    to: "Promise.resolve().then(() => backend.write(prefix + id, data, { replaces, ttlSeconds }, call)),",
  },
  {
    breaks: 26,
    bug: "ids are compared without regard to case and form",
    from: "prefix + id, copy",
    to: 'prefix + id.normalize("NFKC"), copy',
  },
  { breaks: 26, bug: "long ids are cut", from: "prefix + id, copy", to: "prefix + id.slice(0, 250), copy" },
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
