import type { ConnectionReport } from "./connection-log.ts";
import type { SilenceReport } from "./silence-trial.ts";

/** What a page wishes for. Each wish is answered by `done` or `failed`, with its number. */
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

/** What the server tells a page. */
export type News =
  | { readonly type: "welcome"; readonly person: string; readonly name: string; readonly said: readonly Said[] }
  | { readonly type: "said"; readonly said: Said }
  | { readonly type: "people"; readonly names: readonly string[] }
  | { readonly type: "renamed"; readonly name: string }
  | { readonly type: "panel"; readonly panel: Panel }
  | { readonly type: "done"; readonly number: number }
  | { readonly type: "failed"; readonly number: number; readonly text: string };

/** What there is to be seen of the session. */
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
  /** How many sessions of the same user have a page open. */
  readonly openSessions: number;
  readonly check: (ConnectionReport & { readonly everySeconds: number }) | undefined;
  readonly trial: SilenceReport | undefined;
}

/** The wish in a message of a socket, or `undefined`: pages send others than these to nobody. */
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
