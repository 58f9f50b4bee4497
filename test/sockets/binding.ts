import type { SessionOptions } from "express-session";
import {
  createSessionManager,
  expressFormat,
  type SessionHandler,
  type SessionManager,
  type SessionManagerOptions,
} from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import type { SessionSocketEvent, SessionSockets, SocketOptions, SocketSession } from "sessionwire/sockets";
import { type ExpressVisit, secret, startExpressSite } from "../express/express-site.ts";
import type { Browser, Site } from "../express/site.ts";

/** A library of sockets with its binding, as far as the experiments differ. */
export interface SocketBinding {
  readonly name: string;
  /** Experiments that do not apply, with the reason. */
  readonly lacks?: { readonly [experiment: string]: string };
  open(handler: SessionHandler, options?: StageOptions): Promise<SocketStage>;
}

/** An Express application and sockets beside it, on one manager. */
export interface SocketStage extends AsyncDisposable {
  readonly sockets: SessionSockets;
  readonly events: readonly SessionSocketEvent[];
  /** A browser that has signed in as Ann. */
  signIn(): Promise<Browser<ExpressVisit>>;
  /** Opens a socket with what a browser, or a header, has. The application begins to listen when `ready` has resolved. */
  connect(from: Caller, ready?: Promise<void>): Promise<Pair>;
  /** The refusal of a handshake. Rejects when it comes through. */
  refuse(from: Caller): Promise<{ readonly status: number }>;
}

export interface StageOptions {
  readonly manager?: Partial<SessionManagerOptions>;
  readonly site?: Partial<SessionOptions>;
  readonly sockets?: Partial<Omit<SocketOptions, "allowedOrigins" | "authorize" | "onConnection" | "onMessage">>;
}

/** A browser, or the headers of somebody else. */
export interface Caller {
  readonly cookie?: string | undefined;
  /** `null`: none is sent. */
  readonly origin?: string | null;
  /** A ticket, in a header, or as socket.io has it. */
  readonly ticket?: string | undefined;
}

/** Both sides of a socket. */
export interface Pair {
  readonly client: SocketClient;
  readonly session: SocketSession;
  /** The messages that the application has got. */
  readonly heard: readonly string[];
  /** The cookies that were set with the handshake; each stage sets `seen=1`. */
  readonly cookiesSet: readonly string[];
}

/** A browser's side of a socket. */
export interface SocketClient {
  readonly isOpen: boolean;
  /** The code and reason with which it was closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(text: string): void;
  close(): void;
}

export const origin = "http://app.example";

/** The parts that stages of all bindings have in common. */
export interface StageBase extends AsyncDisposable {
  readonly site: Site<ExpressVisit>;
  readonly sessions: SessionManager;
  readonly events: SessionSocketEvent[];
  readonly options: Pick<SocketOptions, "sessions" | "cookie" | "onEvent"> & {
    readonly allowedOrigins: readonly string[];
  };
  signIn(): Promise<Browser<ExpressVisit>>;
}

export async function openBase(handler: SessionHandler, options: StageOptions): Promise<StageBase> {
  const sessions = createSessionManager({ handler, format: expressFormat(), ...options.manager });
  const site = await startExpressSite(createExpressStore(sessions), options.site);
  const events: SessionSocketEvent[] = [];
  return {
    site,
    sessions,
    events,
    options: {
      sessions,
      cookie: { secrets: [secret] },
      allowedOrigins: [origin],
      onEvent: (event) => events.push(event),
      ...options.sockets,
    },
    async signIn() {
      const browser = site.open();
      await browser.visit(({ session }) => void Object.assign(session, { user: "Ann" }));
      return browser;
    },
    async [Symbol.asyncDispose]() {
      await site[Symbol.asyncDispose]();
      await sessions.close();
    },
  };
}

/** Introduces the two sides of sockets to each other, by the path that a client has asked for. */
export class Pairing {
  readonly #arrivals = new Map<string, { served: (side: ServedSide) => void; ready: Promise<void> }>();
  #count = 0;

  /** A path of its own, and the side of the server that is going to be there. */
  expect(ready: Promise<void> = Promise.resolve()): { readonly path: string; readonly served: Promise<ServedSide> } {
    this.#count += 1;
    const path = `/${this.#count}`;
    const served = new Promise<ServedSide>((resolve) => this.#arrivals.set(path, { served: resolve, ready }));
    return { path, served };
  }

  /** Called with each socket that has come through. Resolves when the application is to begin to listen. */
  async arrive(path: string, side: ServedSide): Promise<void> {
    const arrival = this.#arrivals.get(path);
    arrival?.served(side);
    await arrival?.ready;
  }
}

/** The side of the server. */
export type ServedSide = Pick<Pair, "session" | "heard">;
