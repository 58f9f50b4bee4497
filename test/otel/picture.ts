import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";

/** A span as it stands in a picture: below another one, from one moment to another. Moments are numbered in their order. */
interface Bar {
  readonly name: string;
  readonly depth: number;
  readonly from: number;
  readonly to: number;
  /** The type of its error, or the result of the call. */
  readonly ending: string | undefined;
  readonly hasFailed: boolean;
}

/** Returns the tree of spans as text, a line for each. `moments` has each of them where it began and where it ended. */
export function treeOf(moments: readonly ReadableSpan[]): string {
  return barsOf(moments)
    .map(({ name, depth, ending }) => `${"  ".repeat(depth)}${name}${ending === undefined ? "" : `: ${ending}`}`)
    .join("\n");
}

const [width, labelWidth, stepWidth, rowHeight] = [760, 240, 54, 26];

/** Draws the spans as a tool for traces does, but in equal steps, so that the picture stays the same whatever the times are. */
export function drawingOf(title: string, moments: readonly ReadableSpan[]): string {
  const bars = barsOf(moments);
  const height = bars.length * rowHeight + 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${title}</title>`,
    style,
    ...bars.map(drawBar),
    "</svg>\n",
  ].join("\n");
}

function drawBar({ name, depth, from, to, ending, hasFailed }: Bar, row: number): string {
  const y = 10 + row * rowHeight;
  const x = labelWidth + from * stepWidth;
  const kind = hasFailed ? "failed" : depth === 0 ? "outer" : "done";
  const label =
    ending === undefined ? "" : `<text x="${x + (to - from) * stepWidth + 6}" y="${y + 17}">${ending}</text>`;
  return [
    `<text x="${10 + depth * 18}" y="${y + 17}">${name}</text>`,
    `<rect class="${kind}" x="${x}" y="${y + 5}" width="${(to - from) * stepWidth}" height="16" rx="2"/>${label}`,
  ].join("\n");
}

function barsOf(moments: readonly ReadableSpan[]): Bar[] {
  return [...new Set(moments)].map((span) => ({
    name: span.name,
    depth: depthOf(span, moments),
    from: moments.indexOf(span),
    to: moments.lastIndexOf(span),
    ending: endingOf(span),
    hasFailed: span.attributes["error.type"] !== undefined,
  }));
}

function endingOf({ attributes }: ReadableSpan): string | undefined {
  const ending = attributes["error.type"] ?? attributes["sessionwire.result"];
  return ending === undefined ? undefined : String(ending);
}

function depthOf({ parentSpanContext }: ReadableSpan, spans: readonly ReadableSpan[]): number {
  const parent = spans.find((span) => span.spanContext().spanId === parentSpanContext?.spanId);
  return parent === undefined ? 0 : 1 + depthOf(parent, spans);
}

const style = `<style>
svg { background: #fff }
text { font: 13px system-ui, sans-serif; fill: #222 }
.outer { fill: #9ca3af }
.done { fill: #2563eb }
.failed { fill: #dc2626 }
@media (prefers-color-scheme: dark) { svg { background: #0d1117 } text { fill: #e6edf3 } .outer { fill: #6e7681 } .done { fill: #60a5fa } .failed { fill: #f87171 } }
</style>`;
