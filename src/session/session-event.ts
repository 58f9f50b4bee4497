import type { SessionError } from "../errors.ts";

/**
 * What happened to a session: in this process (`origin: "here"`), or in another one (`"elsewhere"`), as far as the manager has a channel.
 * `at` is in milliseconds since 1970. (OWASP ASVS 5.0, 16.2.1)
 *
 * - `created`: it was stored for the first time.
 * - `regenerated`: it goes on under another id. The old one has ended, or leads on for its grace time.
 * - `ended`: it was destroyed; or, here, found to be gone (destroyed elsewhere, expired or evicted) when it was to be changed.
 * - `refused`: somebody has come with a cookie, a ticket or an id that leads to no session, for one of these reasons. Nobody else is told.
 *   - `bad-cookie`: there is a cookie of the name, and none of them has a good signature and the shape of an id.
 *   - `ambiguous-cookie`: there are several of the name, with different ids. One of them may have been planted.
 *   - `bad-ticket`: a ticket was redeemed before, is out of time or never was; or its session has ended, or gone on under another id.
 *   - `no-session`: the session has ended, or never was.
 *   - `old-id`: it has gone on under another id, and the grace time of the old one is over. A copy of an old cookie, or a thief's; as far as
 *     that is remembered: of the last 10,000 ids that were given up while somebody listened.
 *   - `unavailable`: the store has failed to say, by this `error`.
 * - `gap`: events from elsewhere may have been missed up to now. Whoever tracks sessions looks at all of them once.
 * - `failed`: the channel cannot hear or tell for now; it goes on trying.
 *
 * Here, the `key` is that of the handler; in the native format nobody can tell the id from it. Keep the `id` out of logs. From
 * elsewhere comes the hash of the key, which {@link SessionManager.hashOf} gives for a key: it is a reason to look into the
 * store and no proof, since whoever may publish on the channel can send it. The `keyHash` of what was refused is the same hash.
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
      /** `undefined` where it was ended as one of a user's, in a format that keeps ids out of keys. */
      readonly id: string | undefined;
      readonly key: string;
      readonly reason: "destroyed" | "gone";
    }
  | {
      readonly type: "refused";
      readonly origin: "here";
      readonly reason: "bad-cookie" | "ambiguous-cookie" | "bad-ticket" | "no-session" | "old-id" | "unavailable";
      /** `undefined` where there was no id. */
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

/** An event of this process that others are told of. */
export type EventHere = Without<Exclude<Extract<SessionEvent, { origin: "here" }>, Refusal>, "at">;
export type EventElsewhere = Without<Extract<SessionEvent, { origin: "elsewhere" }>, "at">;

/** The parts of an event of this process. */
export type Happening = Without<EventHere, "origin">;
