/**
 * Spans and metrics of OpenTelemetry, about what happens to sessions.
 *
 * @packageDocumentation
 */

import {
  type Attributes,
  context,
  type MeterProvider,
  metrics,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { isSessionError, type SessionError, type SessionManager, type SessionObserver } from "sessionwire";
import { checkOptionNames } from "sessionwire/backend";
import type { SessionSocketEvent } from "sessionwire/sockets";
import { SessionMetrics } from "./otel/session-metrics.ts";
import { SocketMetrics } from "./otel/socket-metrics.ts";

/**
 * The options of {@link createOtelObserver}.
 *
 * @public
 */
export interface OtelObserverOptions {
  /** The database, as `db.system.name` names it: `redis`, `memcached`, or the name of another one in lower case. */
  readonly system: string;
  /**
   * Further attributes of every span and every duration, for instance `server.address`, `server.port` and
   * `db.namespace`. The address becomes a part of the span's name.
   */
  readonly attributes?: Attributes | undefined;
  /**
   * Names the session on each span, by its hash, as the attribute `sessionwire.session`. Metrics never name sessions.
   *
   * @defaultValue `false`
   */
  readonly namesSessions?: boolean | undefined;
  /**
   * The source of the tracer.
   *
   * @defaultValue the global one
   */
  readonly tracerProvider?: TracerProvider | undefined;
  /**
   * The source of the meter.
   *
   * @defaultValue the global one
   */
  readonly meterProvider?: MeterProvider | undefined;
}

/**
 * The observer of {@link createOtelObserver}.
 *
 * @public
 */
export interface OtelObserver extends SessionObserver {
  /** Counts the events of a manager, by type and reason, its writes and conflicts. Returns a function that ends it. */
  observe(sessions: Pick<SessionManager, "subscribe" | "subscribeToWrites">): () => void;
  /** Counts an event on sockets, open sockets and their sessions: the `onEvent` of a binding. */
  onSocketEvent(event: SessionSocketEvent): void;
}

/** The boundaries that the semantic conventions advise, in seconds. */
const DURATION_BOUNDARIES = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * Creates an observer for `withObserver` that makes a span and a measurement of each call to a store.
 *
 * @remarks
 * Both follow the stable semantic conventions for database clients: spans of kind `CLIENT` below the active one, with
 * `db.system.name` and `db.operation.name` (`session.read`, `connection.ping`), and the histogram
 * `db.client.operation.duration` in seconds. `error.type` is the code of the `SessionError`; a call that was cancelled
 * because of a deadline has that of the deadline, `timeout`. `sessionwire.result` is `done`, `absent`, `conflict` or
 * `failed`, and `sessionwire.outcome` the outcome of a failed change. The call is passed on in the context of its span,
 * so spans of the client library are its children.
 *
 * @throws `TypeError` for an option that cannot be used.
 *
 * @public
 */
export function createOtelObserver(options: OtelObserverOptions): OtelObserver {
  checkOptionNames("createOtelObserver", options, optionNames);
  const { system, attributes = {}, namesSessions = false } = options;
  if (typeof system !== "string" || system === "") throw new TypeError("system must be the name of a database.");
  const tracer = (options.tracerProvider ?? trace).getTracer("sessionwire");
  const meter = (options.meterProvider ?? metrics).getMeter("sessionwire");
  const duration = meter.createHistogram("db.client.operation.duration", {
    description: "Duration of calls to the store of the sessions.",
    unit: "s",
    advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
  });
  const target = targetOf(attributes);
  const events = new SessionMetrics(meter);
  const sockets = new SocketMetrics(meter);
  return {
    begin(call) {
      const common = { ...attributes, "db.system.name": system, "db.operation.name": call.name };
      const span = tracer.startSpan(call.name + target, { kind: SpanKind.CLIENT, attributes: common });
      if (namesSessions && call.keyHash !== undefined) span.setAttribute("sessionwire.session", call.keyHash);
      const inside = trace.setSpan(context.active(), span);
      const begun = performance.now();
      const end = (ending: Attributes) => {
        duration.record((performance.now() - begun) / 1000, { ...common, ...ending }, inside);
        span.setAttributes(ending).end();
      };
      return {
        run: (passOn) => context.with(inside, passOn),
        answered: (result) => end({ "sessionwire.result": result }),
        failed(error) {
          span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
          if (error.outcome !== undefined) span.setAttribute("sessionwire.outcome", error.outcome);
          end({ "sessionwire.result": "failed", "error.type": errorTypeOf(error) });
        },
      };
    },
    observe: (sessions) => events.observe(sessions),
    onSocketEvent: (event) => sockets.count(event),
  };
}

const optionNames = ["system", "attributes", "namesSessions", "tracerProvider", "meterProvider"];

/** The server is the target of a call, as one to no particular collection. */
function targetOf({ "server.address": address, "server.port": port }: Attributes): string {
  if (address === undefined) return "";
  return port === undefined ? ` ${address}` : ` ${address}:${port}`;
}

/** Prefers the error because of which a call was cancelled, such as the deadline of a ping. */
function errorTypeOf({ code, cause }: SessionError): string {
  return code === "aborted" && isSessionError(cause) ? cause.code : code;
}
