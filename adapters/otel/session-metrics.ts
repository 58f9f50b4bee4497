import type { Attributes, Counter, Meter } from "@opentelemetry/api";
import { isSessionError, type SessionEvent } from "sessionwire";

/** Counts events on sessions. */
export class SessionMetrics {
  readonly #events: Counter;

  constructor(meter: Meter) {
    this.#events = meter.createCounter("sessionwire.session.events", {
      description: "Number of events on sessions.",
      unit: "{event}",
    });
  }

  count(event: SessionEvent): void {
    this.#events.add(1, attributesOf(event));
  }
}

function attributesOf(event: SessionEvent): Attributes {
  return {
    "sessionwire.event.type": event.type,
    "sessionwire.event.origin": event.origin,
    ...("reason" in event && { "sessionwire.event.reason": event.reason }),
    ...("error" in event && { "error.type": isSessionError(event.error) ? event.error.code : "_OTHER" }),
  };
}
