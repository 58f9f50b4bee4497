import type { SessionError } from "../../errors.ts";

/**
 * An event on a session, in this process (`origin: "here"`), or in another one (`"elsewhere"`) if the manager has a
 * channel. `at` is in milliseconds since 1970. (OWASP ASVS 5.0, 16.2.1)
 *
 * - `created`: it was stored for the first time.
 * - `regenerated`: it continues under another id. The old id has ended, or leads to the session for its grace period.
 * - `ended`: it was ended. The reasons, known only here, are:
 *   - `destroyed`: a `destroy` of the session or of the manager.
 *   - `user`: it was ended as one of a user's sessions (`ofUser`).
 *   - `limit`: its user had too many sessions.
 *   - `gone`: a change found it gone. It was ended elsewhere, has expired or was evicted.
 * - `refused`: a client presented a cookie, a ticket or an id that leads to no session. Other processes are not
 *   notified. The reasons are:
 *   - `bad-cookie`: no cookie with the name has a valid signature and the shape of an id.
 *   - `ambiguous-cookie`: several cookies with the name have different ids. One of them may have been planted.
 *   - `bad-ticket`: the ticket was already used, has expired or never existed; or its session has ended, or continues
 *     under another id.
 *   - `no-session`: the session has ended or never existed.
 *   - `old-id`: the session continues under another id, and the grace period of the old id is over. The id is from an
 *     old copy of a cookie, or stolen. It is only recognised among the last 10,000 ids given up while somebody
 *     listened.
 *   - `unavailable`: the store has failed, with this `error`.
 * - `gap`: events from elsewhere may have been missed up to now. Listeners that track sessions should check all of them
 *   once.
 * - `failed`: the channel cannot receive or send for now; it keeps trying.
 *
 * Here, the `key` is that of the handler; in the native format, it does not reveal the id. Keep the `id` out of logs.
 * Events from elsewhere have the hash of the key, which {@link SessionManager.hashOf} returns for a key. Such an event
 * is a reason to look into the store but proves nothing, because anyone allowed to publish on the channel can send it.
 * The `keyHash` of a `refused` event is the same hash.
 *
 * @public
 */
export type SessionEvent = { readonly at: number } & (
  | { readonly type: "created"; readonly origin: "here"; readonly id: string; readonly key: string }
  | {
      readonly type: "regenerated";
      readonly origin: "here";
      readonly id: string;
      readonly key: string;
      readonly previousId: string;
      readonly previousKey: string;
    }
  | {
      readonly type: "ended";
      readonly origin: "here";
      /** `undefined` if it was ended as one of a user's sessions, in a format that keeps ids out of keys. */
      readonly id: string | undefined;
      readonly key: string;
      readonly reason: "destroyed" | "user" | "limit" | "gone";
    }
  | {
      readonly type: "refused";
      readonly origin: "here";
      readonly reason: "bad-cookie" | "ambiguous-cookie" | "bad-ticket" | "no-session" | "old-id" | "unavailable";
      /** `undefined` if there was no id. */
      readonly keyHash: string | undefined;
      readonly error?: unknown;
    }
  | { readonly type: "created" | "ended"; readonly origin: "elsewhere"; readonly keyHash: string }
  | {
      readonly type: "regenerated";
      readonly origin: "elsewhere";
      readonly keyHash: string;
      readonly previousKeyHash: string;
    }
  | { readonly type: "gap"; readonly origin: "elsewhere" }
  | { readonly type: "failed"; readonly origin: "elsewhere"; readonly error: SessionError }
);

export type Without<Event, Name extends string> = Event extends unknown ? Omit<Event, Name> : never;
export type Refusal = Extract<SessionEvent, { type: "refused" }>;

/** An event of this process that is reported to others. */
export type EventHere = Without<Exclude<Extract<SessionEvent, { origin: "here" }>, Refusal>, "at">;
export type EventElsewhere = Without<Extract<SessionEvent, { origin: "elsewhere" }>, "at">;

/** The parts of an event of this process. */
export type Happening = Without<EventHere, "origin">;
