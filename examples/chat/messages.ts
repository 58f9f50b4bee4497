import type { ConnectionReport } from "./connection-log.ts";
import type { SilenceReport } from "./silence-trial.ts";

/** The wishes of a page. Each is answered with `done` or `failed`, and its number. */
export type Wish =
  | { readonly type: "say"; readonly number: number; readonly text: unknown }
  | { readonly type: "rename"; readonly number: number; readonly name: unknown }
  | { readonly type: "silence"; readonly number: number }
  | { readonly type: "heal"; readonly number: number };

export interface Said {
  readonly person: string;
  readonly name: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The messages from the server to a page. */
export type News =
  | { readonly type: "welcome"; readonly person: string; readonly name: string; readonly said: readonly Said[] }
  | { readonly type: "said"; readonly said: Said }
  | { readonly type: "people"; readonly names: readonly string[] }
  | { readonly type: "renamed"; readonly name: string }
  | { readonly type: "panel"; readonly panel: Panel }
  | { readonly type: "done"; readonly number: number }
  | { readonly type: "failed"; readonly number: number; readonly text: string };

/** The visible facts about the session. */
export interface Panel {
  readonly backend: string;
  readonly layers: readonly string[];
  /** The number of the process that has the socket, if there are several. */
  readonly process: number | undefined;
  readonly sockets: readonly {
    readonly process: number | undefined;
    readonly number: number;
    readonly openForMs: number;
    readonly isThis: boolean;
  }[];
  /** Number of sessions of the same user that have an open page. */
  readonly openSessions: number;
  readonly check: (ConnectionReport & { readonly everySeconds: number }) | undefined;
  readonly trial: SilenceReport | undefined;
}

/** Returns the wish in a message of a socket, or `undefined` if it is not one. */
export function readWish(text: string): Wish | undefined {
  try {
    const wish: unknown = JSON.parse(text);
    return isWish(wish) ? wish : undefined;
  } catch {
    return undefined;
  }
}

const types: readonly unknown[] = ["say", "rename", "silence", "heal"] satisfies Wish["type"][];

function isWish(value: unknown): value is Wish {
  if (typeof value !== "object" || value === null || !("type" in value && "number" in value)) return false;
  return types.includes(value.type) && Number.isSafeInteger(value.number);
}
