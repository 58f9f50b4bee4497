import { toBase64Url } from "../base64.ts";
import type { Clock } from "../clock.ts";
import { sha256 } from "../formats/sha256.ts";
import { encoder } from "../utf8.ts";
import type { RefusalReason, SessionSocketEvent } from "./events.ts";

/** An event before it is reported: with the key of the session, and without the time. */
export type InternalEvent =
  | { readonly type: "refused"; readonly reason: RefusalReason; readonly status: number }
  | { readonly type: "opened"; readonly key: string }
  | { readonly type: "closed"; readonly key: string; readonly code: number }
  | {
      readonly type: "ended";
      readonly key: string;
      readonly reason: "destroyed" | "gone" | "moved";
      readonly sockets: number;
    }
  | { readonly type: "moved"; readonly key: string; readonly previousKey: string }
  | { readonly type: "failed"; readonly key: string | undefined; readonly error: unknown };

/** Passes events on to the application, if it listens. */
export class EventReporter {
  readonly #listener: ((event: SessionSocketEvent) => void) | undefined;
  readonly #clock: Clock;

  constructor(listener: ((event: SessionSocketEvent) => void) | undefined, clock: Clock) {
    this.#listener = listener;
    this.#clock = clock;
  }

  report(event: InternalEvent): void {
    if (this.#listener === undefined) return;
    try {
      this.#listener({ ...withoutKeys(event), at: this.#clock.now() });
    } catch {
      // The event has already happened, and nobody else could be told.
    }
  }
}

type WithoutTime<Event> = Event extends unknown ? Omit<Event, "at"> : never;

function withoutKeys(event: InternalEvent): WithoutTime<SessionSocketEvent> {
  if (event.type === "refused") return event;
  if (event.type === "moved") {
    return { type: "moved", session: nameOf(event.key), previousSession: nameOf(event.previousKey) };
  }
  const { key, ...rest } = event;
  return { ...rest, session: key === undefined ? undefined : nameOf(key) } as WithoutTime<SessionSocketEvent>; // only `failed` may have no key
}

/** Names a session by a hash, because its key may contain the id. */
function nameOf(key: string): string {
  return toBase64Url(sha256(encoder.encode(key))).slice(0, 16);
}
