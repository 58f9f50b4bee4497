import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 124,
    bug: "a list ends with the session that was bound last",
    from: "await this.#index.touch(user, seen)",
    to: "true",
  },
  {
    breaks: 124,
    bug: "only what is bound is listed, and not what is used",
    from: "return isThere && [...entries, this.#entryOf({ key, ttlSeconds })];",
    to: "return isThere && entries;",
  },
  {
    breaks: 126,
    bug: "who is confirmed makes no room",
    from: "return [...(await this.#withRoom(user, entries)), fresh];\n    };\n    await this.#index.change(user, confirm, turn);",
    to: "return [...entries, fresh];\n    };\n    await this.#index.change(user, confirm, turn);",
  },
  {
    breaks: 125,
    bug: "a session that was used while it ended is listed again",
    from: "const isThere = await this.#sessions.find(user, key);",
    to: "const isThere = true;",
  },
  {
    breaks: 125,
    bug: "a copy is not told from a new session",
    from: 'pendingAs: from === undefined ? "new" : "copy"',
    to: 'pendingAs: "new"',
  },
];
