/**
 * A request on a session, in terms of its content: `replaces` is the content that was read, not its version.
 *
 * @public
 */
export type HistoryCall =
  | { readonly kind: "read" }
  | { readonly kind: "touch" }
  | { readonly kind: "write"; readonly replaces: string | undefined; readonly data: string }
  | { readonly kind: "destroy"; readonly replaces: string | undefined };

/**
 * A call on one session, and its answer.
 *
 * @public
 */
export interface HistoryEntry {
  /** The request. */
  readonly call: HistoryCall;
  /** The start, on any scale that all entries share. */
  readonly startedAt: number;
  /** The end; `Infinity` for a call whose outcome is unknown, which may take effect at any time or never. */
  readonly endedAt: number;
  /**
   * The answer, as {@link describeContent} writes it: `"written"`, `"destroyed"`, `"true"`, a content, `"refused: …"`;
   * or `"unknown"`.
   */
  readonly answer: string;
}

/**
 * Returns an entry in words.
 *
 * @public
 */
export function describeEntry({ call, startedAt, endedAt, answer }: HistoryEntry): string {
  return `${startedAt} to ${endedAt}: ${describeCall(call)} -> ${answer}`;
}

function describeCall(call: HistoryCall): string {
  switch (call.kind) {
    case "read":
    case "touch":
      return call.kind;
    case "write":
      return `write ${describeContent(call.data)} over ${describeContent(call.replaces)}`;
    case "destroy":
      return call.replaces === undefined ? "destroy" : `destroy ${describeContent(call.replaces)}`;
  }
}

/**
 * Returns the content of the session as the answers of a history spell it.
 *
 * @public
 */
export function describeContent(content: string | undefined): string {
  return content === undefined ? "nothing" : `"${content}"`;
}
