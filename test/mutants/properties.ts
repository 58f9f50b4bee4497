import type fc from "fast-check";
import { keptTextsProperty } from "../formats/kept-texts.ts";
import { wellFormedProperty } from "../formats/well-formed.ts";
import type { AllParts } from "../mutation/checks.ts";
import { properties as ofHandlers } from "../properties/handler-properties.ts";
import { hashingProperty, migrationProperty } from "../properties/migration.ts";
import { type TableSubject, tableProperty } from "../properties/session-table.ts";
import { properties as ofSessions } from "../session/properties/properties.ts";

/** The parts that a property may need, also from inside the adapters. */
export type BrokenParts = AllParts & TableSubject;

type Property = (parts: BrokenParts) => fc.IRawProperty<unknown>;

export const ofJson = "JSON is refused where a name stands twice, however it is written";
export const ofMigration = "whatever is lost on the way between two stores, it is one session";
export const ofHashing = "whatever is lost on the way to its hashed key, it is one session, whose id leaves the store";

/** Every property that a version of the package can be held to, by what it says. */
export const properties: Readonly<Record<string, Property>> = {
  ...ofHandlers,
  ...ofSessions,
  [ofMigration]: migrationProperty,
  [ofHashing]: hashingProperty,
  "the memory keeps sessions of all sizes as a plain map does, and gives back what they leave": tableProperty,
  [ofJson]: wellFormedProperty,
  "a record is written as if nothing of its text had been kept": keptTextsProperty,
};

/** Mutants of the laws that a property must find by itself. Those that it takes a property to see say so in their list. */
export const found: Readonly<Record<string, readonly string[]>> = {
  "any sequence of calls on the memory behaves as on a map with expiry": [
    "versions repeat",
    "a repeated write is accepted when the data is what is there already",
  ],
  "any interleaving on a lossy network is linearizable": [
    "a touch reads and writes back",
    "a lost reply counts as not applied",
  ],
  "whatever happens to the connection, the check keeps its laws": [
    "a check is a sign of life before it has an answer",
    "a failed check is remembered for ever",
    "an operation that ran out of time is not held against the connection",
  ],
  "any sequence of calls behaves as on a few maps (native)": [
    "a look at the messages eats them",
    "an invalidated session is not ended",
    "an ended session is forgotten to have ended",
  ],
  "a late save is laid over what is there by then (native)": [
    "what was seen first is written over what is there",
    "the last who saves undoes what he had not seen",
    "of a function, only its first result is kept",
  ],
  "no attribute is lost, and none comes back (native)": [
    "comparing and writing are two steps, with time between them",
    "a deletion is lost on the way to the record",
    "changes made during a running save are forgotten",
    "a failed save forgets the changes",
    "conflicts beyond the limit are a success",
    "a save without an answer is a success",
    "a save that was sent is given up as not applied",
  ],
  "a function is counted once (native)": [
    "what is found to be applied is applied again",
    "each write leaves its own tokens only",
    "only one token is kept",
    "a token belongs to an attempt",
    "what cannot be told is taken for not applied",
    "what has failed leaves half of its changes, without a token",
    "whoever saves together leaves his token, be it that he failed",
    "of those who save together, only the first one's changes are stored",
  ],
  "a function is counted once (express)": [
    "a function is taken for repeatable",
    "an update is taken for repeatable",
    "a set of which nobody can tell is taken for applied",
  ],
  "a message is shown at least once (native)": ["taking removes all there is", "a save eats all messages"],
  "a message is shown at least once (express)": ["a message is taken for repeatable"],
  "whatever is moved takes all along (native)": [
    "saving an ended session creates it again",
    "the session is copied only once",
    "the old id is ended whatever it has taken meanwhile",
    "a move goes on after it was given up",
  ],
  "what has ended stays away (native)": [
    "updating an ended session creates it again",
    "an end by id goes on after it was given up as not applied",
  ],
  "what may have been created is found or ended (native)": [
    "the id of a creation in doubt is used again",
    "a session does not end what it may have created elsewhere",
    "what may still be created is ended only once",
  ],
  "whoever is signed in is listed, and can be ended (native)": [
    "the list is changed after the session",
    "who was slower has listed nothing",
    "what has been listed while all ended is not looked at",
    "a session that gets another id is a new one",
    "there is one session more than there may be",
    "what gives way is taken out of the list and not ended",
    "who is confirmed makes no room",
    "a session that was changed meanwhile stays",
  ],
  "an old id leads on to read, and to end": [
    "saving over a forward makes a session of it",
    "each use of the old id prolongs its grace period",
  ],
  "two that create a session under one id lay their changes together": [
    "the second creation is refused",
    "the second creation replaces the first",
  ],
  "requests of express-session that overlap lose nothing": [
    "a request stores all that it was handed",
    "what a request has deleted is still stored",
    "what connect-flash has taken waits for ever",
    "express-session is told of no session when a read fails",
  ],
};
