import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { type SessionHandler, type SessionObserver, withObserver } from "sessionwire";
import { decorateHandler } from "sessionwire/backend";
import { createDiagnosticsObserver } from "sessionwire/diagnostics";
import { createMemoryHandler } from "sessionwire/memory";
import { createOtelObserver } from "sessionwire/otel";
import type { Row } from "../tools/slices.ts";

const reads = 1000;

/** Returns the rows of a handler with and without observers, the bare one first. */
export function rowsOfObservers(): Row[] {
  return [
    rowOf("the bare handler", createInstantHandler()),
    rowOf("withObserver, nobody listens", observed({ isListening: false, begin: () => undefined })),
    rowOf("sessionwire/diagnostics, nobody listens", observed(createDiagnosticsObserver())),
    rowOf("a decorator without hooks", decorateHandler(createInstantHandler(), {})),
    rowOf("withObserver, ignores the call", observed({ begin: () => undefined })),
    rowOf("withObserver, does nothing", observed({ begin: () => ({ answered() {}, failed() {} }) })),
    rowOf("sessionwire/otel, without an SDK", observed(createOtelObserver({ system: "memory" }))),
    rowOf("sessionwire/otel, spans and metrics", observed(createOtelObserver({ system: "memory", ...createSdk() }))),
  ];
}

function observed(observer: SessionObserver): SessionHandler {
  return withObserver(createInstantHandler(), observer);
}

/** Answers with a promise that was made before: what is left is the price of what is around it. */
function createInstantHandler(): SessionHandler {
  const answer = Promise.resolve(undefined);
  return { ...createMemoryHandler(), read: () => answer };
}

function rowOf(name: string, handler: SessionHandler): Row {
  return {
    name,
    operationsPerRun: reads,
    async run() {
      let absent = 0;
      for (let count = 0; count < reads; count += 1) if ((await handler.read("a")) === undefined) absent += 1;
      return absent === reads;
    },
  };
}

/** The SDK of OpenTelemetry, which records everything and exports nothing. */
function createSdk() {
  return { tracerProvider: new BasicTracerProvider(), meterProvider: new MeterProvider() };
}
