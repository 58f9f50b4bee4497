import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 124,
    bug: "the list is changed after the session",
    from: `      await this.#enter(binding, turn).catch((error) => Promise.reject(replaceOutcome(error, "not-applied")));
`,
    to: "",
  },
  {
    breaks: 124,
    bug: "what stands in the list is not confirmed after the session is stored",
    from: "if (isBound) await this.#confirm(binding, turn).catch((error) => this.#refuse(error, binding, result, take));",
    to: "if (isBound) this.#unconfirmed.delete(key);",
  },
  {
    breaks: 124,
    bug: "what is found to be stored is not listed once more",
    from: "if (!isCopy) this.#unconfirmed.set(key, binding);",
    to: "",
  },
  {
    breaks: 124,
    bug: "who finds a session unbound does not look whether it still is",
    from: "if (others.length === entries.length || (await this.#sessions.find(user, key))) return undefined;",
    to: "if (others.length === entries.length) return undefined;",
  },
  {
    breaks: 124,
    bug: "a session of another user stays in the list",
    from: "      if (result.isWritten) await this.release(before, key);\n      return result;",
    to: "      return result;",
  },
  {
    breaks: 124,
    bug: "a sign-out stays in the list",
    from: "if (result.isWritten && user === undefined) await this.release(before, key);",
    to: "if (result.isWritten && user === undefined) return result;",
  },
  {
    breaks: 124,
    bug: "a binding that was refused stays in the list",
    from: "      else await this.#withdraw(binding, turn);\n",
    to: "",
  },
  {
    breaks: 124,
    bug: "a session that gets another id gets another handle",
    from: "{ ...fresh, handle: old.handle, boundAt: old.boundAt }",
    to: "{ ...fresh, boundAt: old.boundAt }",
  },
  {
    breaks: 124,
    bug: "a list ends with the session that was bound last",
    from: "await this.#index.touch(user, seen)",
    to: "true",
  },
  {
    breaks: 124,
    bug: "only what is bound is listed, and not what is used",
    from: "if (!entries.some((entry) => entry.key === key)) return [...entries, fresh];",
    to: "if (fresh) return entries;",
  },
  {
    breaks: 124,
    bug: "a list forgets nothing by itself",
    from: "!isPowerOfTwo(others.length, MANY)",
    to: "true",
  },
  {
    breaks: 125,
    bug: "a session gets another id although it is not in the list any more",
    from: "if ((await this.#sessions.find(user, from)) === undefined) throw goneError();",
    to: "",
  },
  {
    breaks: 125,
    bug: "a copy of what has ended stays",
    from: 'await take(result).catch((failure) => Promise.reject(replaceOutcome(failure, "unknown")));',
    to: "",
  },
  {
    breaks: 125,
    bug: "a session that gets another id is a new one",
    from: "const from = this.userOf(origin?.record) === user ? origin?.key : undefined;",
    to: "const from = undefined;",
  },
  {
    breaks: 126,
    bug: "a session that gets another id counts twice",
    from: "const handles = [...new Set(living.map(({ handle }) => handle))];",
    to: "const handles = living.map(({ handle }) => handle);",
  },
  {
    breaks: 126,
    bug: "there is one session more than there may be",
    from: "handles.length + 1 - maxSessions",
    to: "handles.length - maxSessions",
  },
  {
    breaks: 126,
    bug: "what gives way is taken out of the list and not ended",
    from: "await this.#sessions.endAll(\n      user,",
    to: "await ((...given: unknown[]) => given.length)(\n      user,",
  },
  {
    breaks: 126,
    bug: "what has ended by itself keeps its place",
    from: "const living = await this.#sessions.verified(user, others);",
    to: "const living = others;",
  },
  {
    breaks: 126,
    bug: "who is confirmed makes no room",
    from: "return [...(await this.#withRoom(user, key, entries)), fresh];\n    };\n    await this.#index.change(user, confirm, turn);",
    to: "return [...entries, fresh];\n    };\n    await this.#index.change(user, confirm, turn);",
  },
  {
    breaks: 124,
    bug: "a copy that could not be confirmed stays",
    from: "!(isCopy || isTooMany(error))",
    to: "!isTooMany(error)",
  },
];
