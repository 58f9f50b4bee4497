import type fc from "fast-check";
import { createSessionContract, type SessionBeginning, type SessionVocabulary } from "sessionwire/testing/properties";
import { expressStoreProperty } from "./express-store.ts";
import { commutationProperty, identityProperty, replayProperty } from "./merging.ts";
import { type FormatName, managersOf, type Parts, worldOf } from "./parts.ts";
import { sequencesProperty } from "./sequences.ts";

/** A law in every combination; it holds for the real parts, and not for broken ones. */
export type Property = (parts: Parts) => fc.IRawProperty<unknown>;

export const properties: { readonly [says: string]: Property } = {
  ...ofFormat("native"),
  ...ofFormat("express"),
  "an old id leads on to read, and to end": ofContract("native", "graces"),
  "two that create a session under one id lay their changes together": ofContract(
    "express",
    "creations",
    "created together",
  ),
  "requests of express-session that overlap lose nothing": expressStoreProperty("stored"),
  "requests of express-session that begin a session together lose nothing": expressStoreProperty("created together"),
};

function ofFormat(format: FormatName): { readonly [says: string]: Property } {
  return {
    [`any sequence of calls behaves as on a few maps (${format})`]: sequencesProperty(format),
    [`different changes may be saved in any order (${format})`]: commutationProperty(format),
    [`a late save is made on what is there by then (${format})`]: replayProperty(format),
    [`no change is none (${format})`]: identityProperty(format),
    [`no attribute is lost, and none comes back (${format})`]: ofContract(format, "attributes"),
    [`a function is counted once (${format})`]: ofContract(format, "functions"),
    [`a message is shown at least once (${format})`]: ofContract(format, "messages"),
    [`whatever is moved takes all along (${format})`]: ofContract(format, "moves"),
    [`what has ended stays away (${format})`]: ofContract(format, "ends"),
    [`what may have been created is found or ended (${format})`]: ofContract(format, "creations", "created"),
  };
}

/** A part of the contract of sessions, on the memory. */
function ofContract(
  format: FormatName,
  vocabulary: SessionVocabulary,
  beginning: SessionBeginning = "stored",
): Property {
  return (parts) =>
    createSessionContract({ vocabulary, beginning, ...worldOf(parts) }).property(managersOf(parts, format));
}
