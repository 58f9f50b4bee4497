/** The ways in which a session ends, or goes on under another id. */
export type EndingKind = "destroy" | "endAll" | "regenerate";

export interface CreatedSession {
  readonly id: string;
  readonly user: string;
  readonly cookie: string;
}

export interface EndingSession extends CreatedSession {
  readonly kind: EndingKind;
}

/** The requests to a process with sockets; several may be under way. */
export type Question =
  | { readonly type: "create"; readonly count: number }
  /** Is answered when all have ended, however often that has failed before. */
  | { readonly type: "end"; readonly sessions: readonly EndingSession[] }
  | { readonly type: "state" };

/** The state of such a process. */
export interface ProcessState {
  /** The gaps that it was told of. */
  readonly gaps: number;
  /** The attempts to end a session that have failed. */
  readonly failures: number;
  /** The looks into the store that have failed, and whatever else its sockets have reported as failed. */
  readonly lookFailures: number;
  readonly sockets: number;
}

export interface Answer {
  /** Names the question. */
  readonly number: number;
  readonly answer: unknown;
}
