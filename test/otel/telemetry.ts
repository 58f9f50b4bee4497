import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";

/** The SDK of OpenTelemetry, which keeps in memory what it is told. */
export interface Telemetry {
  readonly providers: { readonly tracerProvider: BasicTracerProvider; readonly meterProvider: MeterProvider };
  /** Returns the spans that have ended, in the order of their ends. */
  spans(): ReadableSpan[];
  /** The spans in the order in which they began and ended, each of them twice. Their times are too coarse to tell. */
  readonly moments: ReadableSpan[];
  /** Returns the latest points of a metric: its attributes, and its value or its histogram. */
  points<Value = number>(name: string): Promise<(readonly [attributes: object, value: Value])[]>;
  /** Runs something within a span of the application. */
  within<T>(name: string, run: () => Promise<T>): Promise<T>;
}

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

export function startTelemetry(): Telemetry {
  const spans = new InMemorySpanExporter();
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 2 ** 31 - 1 });
  const moments: ReadableSpan[] = [];
  const order: SpanProcessor = {
    onStart: (span) => void moments.push(span),
    onEnd: (span) => void moments.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans), order] });
  const meterProvider = new MeterProvider({ readers: [reader] });
  return {
    providers: { tracerProvider, meterProvider },
    spans: () => spans.getFinishedSpans(),
    moments,
    async points<Value>(name: string) {
      await reader.forceFlush();
      const all =
        metrics
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
      const points = all.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
      // As the kind of the metric says, which the test knows.
      return points.map(({ attributes, value }) => [attributes, value as Value] as const);
    },
    within: (name, run) =>
      tracerProvider.getTracer("the application").startActiveSpan(name, async (span) => {
        try {
          return await run();
        } finally {
          span.end();
        }
      }),
  };
}
