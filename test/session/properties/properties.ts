import type fc from "fast-check";
import type { FormatName } from "../stage.ts";
import type { Parts } from "./clients.ts";
import { expressStoreProperty } from "./express-store.ts";
import { commutationProperty, identityProperty, replayProperty } from "./merging.ts";
import { overlapProperty, type Vocabulary } from "./overlapping-sessions.ts";
import { sequencesProperty } from "./sequences.ts";

/** A law in every combination; it holds for the real parts, and not for broken ones. */
export type Property = (parts: Parts) => fc.IRawProperty<unknown>;

export const properties: { readonly [says: string]: Property } = {
  ...ofFormat("native"),
  ...ofFormat("express"),
  "an old id leads on to read, and to end": ofStored("native", "graces"),
  "two that create a session under one id lay their changes together": overlapProperty({
    format: "express",
    vocabulary: "creations",
    begins: "created together",
  }),
  "requests of express-session that overlap lose nothing": expressStoreProperty("stored"),
  "requests of express-session that begin a session together lose nothing": expressStoreProperty("created together"),
};

function ofFormat(format: FormatName): { readonly [says: string]: Property } {
  return {
    [`any sequence of calls behaves as on a few maps (${format})`]: sequencesProperty(format),
    [`different changes may be saved in any order (${format})`]: commutationProperty(format),
    [`a late save is made on what is there by then (${format})`]: replayProperty(format),
    [`no change is none (${format})`]: identityProperty(format),
    [`no attribute is lost, and none comes back (${format})`]: ofStored(format, "attributes"),
    [`a function is counted once (${format})`]: ofStored(format, "functions"),
    [`a message is shown at least once (${format})`]: ofStored(format, "messages"),
    [`whatever is moved takes all along (${format})`]: ofStored(format, "moves"),
    [`what has ended stays away (${format})`]: ofStored(format, "ends"),
    [`what may have been created is found or ended (${format})`]: overlapProperty({
      format,
      vocabulary: "creations",
      begins: "created",
    }),
  };
}

function ofStored(format: FormatName, vocabulary: Vocabulary): Property {
  return overlapProperty({ format, vocabulary, begins: "stored" });
}
