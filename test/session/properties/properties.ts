import type fc from "fast-check";
import {
  type Contract,
  type CreateManager,
  createSessionContract,
  type SessionContractOptions,
  sessionMergeContract,
  sessionSequencesContract,
  ticketContract,
  userContract,
} from "sessionwire/testing/properties";
import { expressStoreProperty } from "../../express/store-property.ts";
import type { FormatName } from "../fixture.ts";
import { managersOf, type Parts, worldOf } from "./parts.ts";

/** A contract that holds for the managers that are made of the real parts, and not of broken ones. */
export interface SessionContract {
  readonly format: FormatName;
  contractOn(parts: Parts): Contract<CreateManager>;
}

export const contracts: Readonly<Record<string, SessionContract>> = {
  ...inFormat("native"),
  ...inFormat("express"),
  "an old id leads on to read, and to end": partOf("native", { vocabulary: "graces", beginning: "stored" }),
  "two that create a session under one id lay their changes together": partOf("express", {
    vocabulary: "creations",
    beginning: "created together",
  }),
};

/** A law in every combination; it holds for the real parts, and not for broken ones. */
export type Property = (parts: Parts) => fc.IRawProperty<unknown>;

export const properties: Readonly<Record<string, Property>> = {
  ...Object.fromEntries(
    Object.entries(contracts).map(([says, { format, contractOn }]): [string, Property] => [
      says,
      (parts) => contractOn(parts).property(managersOf(parts, format)),
    ]),
  ),
  "requests of express-session that overlap lose nothing": expressStoreProperty("stored"),
  "requests of express-session that begin a session together lose nothing": expressStoreProperty("created together"),
};

function inFormat(format: FormatName): Readonly<Record<string, SessionContract>> {
  const beginning = "stored";
  return {
    [`any sequence of calls behaves as on a few maps (${format})`]: whole(format, sessionSequencesContract),
    [`a late save is laid over what is there by then (${format})`]: whole(format, sessionMergeContract),
    [`no attribute is lost, and none comes back (${format})`]: partOf(format, { vocabulary: "attributes", beginning }),
    [`a function is counted once (${format})`]: partOf(format, { vocabulary: "functions", beginning }),
    [`a message is shown at least once (${format})`]: partOf(format, { vocabulary: "messages", beginning }),
    [`whatever is moved takes all along (${format})`]: partOf(format, { vocabulary: "moves", beginning }),
    [`what has ended stays away (${format})`]: partOf(format, { vocabulary: "ends", beginning }),
    [`what may have been created is found or ended (${format})`]: partOf(format, {
      vocabulary: "creations",
      beginning: "created",
    }),
    [`whoever is signed in is listed, and can be ended (${format})`]: whole(format, userContract),
    [`a ticket lets in one, in time (${format})`]: whole(format, ticketContract),
  };
}

function whole(format: FormatName, contract: Contract<CreateManager>): SessionContract {
  return { format, contractOn: () => contract };
}

/** A part of the contract of sessions, on the memory. */
function partOf(format: FormatName, options: SessionContractOptions): SessionContract {
  return { format, contractOn: (parts) => createSessionContract({ ...options, ...worldOf(parts) }) };
}
