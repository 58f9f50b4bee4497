import type { SessionManagerOptions } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { allowsOwnLimits, keepsAllOfJson, keepsMessageIds, knowsLifetime, storesFlashes } from "../../format-traits.ts";
import type { SessionFixture } from "./fixture.ts";

/** One law of sessions and one way to check it. `check` rejects if the law is broken. */
export interface SessionLaw {
  readonly law: number;
  readonly says: string;
  /** The features that the format must have for the law to apply to its sessions. */
  readonly needs?: readonly FormatTrait[];
  readonly options?: Partial<SessionManagerOptions>;
  check(fixture: SessionFixture): Promise<void>;
}

/** A difference between formats, which are distinguished by their declarations and not by their names. */
export type FormatTrait =
  | "tokens"
  | "no tokens"
  | "forwards"
  | "no forwards"
  | "forwards and hidden ids"
  | "adopted ids"
  | "own ids"
  | "a lifetime"
  | "flashes"
  | "message ids"
  | "all of JSON"
  | "ends of attributes"
  | "no ends of attributes"
  | "limits of one session";

const traits: Record<FormatTrait, { isIn(format: SessionFormat): boolean; readonly otherwise: string }> = {
  tokens: { isIn: (format) => format.storesTokens, otherwise: "the format keeps no tokens" },
  "no tokens": { isIn: (format) => !format.storesTokens, otherwise: "the format keeps tokens" },
  forwards: { isIn: (format) => format.storesForwards, otherwise: "the format keeps no forwards" },
  "no forwards": { isIn: (format) => !format.storesForwards, otherwise: "the format keeps forwards" },
  "forwards and hidden ids": {
    isIn: (format) => format.storesForwards && format.idOf === undefined,
    otherwise: "the format keeps no forwards, or ids in its keys",
  },
  "adopted ids": { isIn: (format) => format.acceptsForeignIds, otherwise: "the format makes its ids itself" },
  "own ids": { isIn: (format) => !format.acceptsForeignIds, otherwise: "the format adopts ids" },
  "a lifetime": { isIn: knowsLifetime, otherwise: "the format knows no lifetime" },
  "ends of attributes": {
    isIn: (format) => format.storesAttributeEnds === true,
    otherwise: "the format stores no ends of attributes",
  },
  "no ends of attributes": {
    isIn: (format) => format.storesAttributeEnds !== true,
    otherwise: "the format stores ends of attributes",
  },
  "limits of one session": { isIn: allowsOwnLimits, otherwise: "the format stores no limits of one session" },
  flashes: { isIn: storesFlashes, otherwise: "the format stores no messages" },
  "all of JSON": {
    isIn: keepsAllOfJson,
    otherwise: "the format has no empty objects, and no halves of surrogate pairs",
  },
  "message ids": { isIn: keepsMessageIds, otherwise: "the format stores no ids of messages" },
};

type Check = SessionLaw["check"];
type Options = Partial<SessionManagerOptions>;

export function inEveryFormat(law: number, says: string, check: Check, options: Options = {}): SessionLaw {
  return { law, says, check, options };
}

export function inFormatsWith(
  needs: FormatTrait | readonly FormatTrait[],
  law: number,
  says: string,
  check: Check,
  options: Options = {},
): SessionLaw {
  return { law, says, needs: typeof needs === "string" ? [needs] : needs, check, options };
}

/** Returns the reason why a law does not apply to sessions in this format, if there is one. */
export function reasonToSkip({ needs = [] }: SessionLaw, format: SessionFormat): string | undefined {
  const missing = needs.find((trait) => !traits[trait].isIn(format));
  return missing && traits[missing].otherwise;
}
