import type { closeCodes, shouldReconnect } from "sessionwire/sockets";
import type { PaperParts, PaperSocket } from "./stage.ts";

/** The parts of the package that sockets are made of. */
export interface SocketParts extends PaperParts {
  readonly closeCodes: typeof closeCodes;
  readonly shouldReconnect: typeof shouldReconnect;
}

/** A claim about the core of sockets, and a way to see on paper that it holds. */
export interface PaperCheck {
  readonly claim: string;
  check(parts: SocketParts): Promise<void>;
}

export const second = 1000;
export const minute: number = 60 * second;

/** The code that a socket was closed with; `undefined`: it is open. */
export function codeOf({ closing }: PaperSocket): number | undefined {
  return closing?.code;
}
