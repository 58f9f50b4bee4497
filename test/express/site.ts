import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a page sees of the session and its framework: the same for express-session and for @fastify/session. */
export interface Visit {
  /** The id that the session has now. */
  readonly id: string;
  /** The object that the session is now, to be read and changed. */
  readonly session: Record<string, unknown>;
  /** Its cookie, as the framework has it. */
  readonly cookie: VisitCookie;
  save(): Promise<void>;
  reload(): Promise<void>;
  regenerate(): Promise<void>;
  destroy(): Promise<void>;
}

export interface VisitCookie {
  originalMaxAge: number | null;
  maxAge?: number | null | undefined;
  expires?: Date | false | null | undefined;
  httpOnly?: boolean | undefined;
  secure?: boolean | "auto" | undefined;
}

/** Answers with what it returns, as JSON. */
export type Page<V extends Visit = Visit> = (visit: V) => unknown;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Whether it brought a session cookie. */
  readonly setsCookie: boolean;
}

/** An application that runs. */
export interface Site<V extends Visit = Visit> extends AsyncDisposable {
  readonly server: Server;
  /** What has reached the error handler, the late ones included that came when the response was under way. */
  readonly errors: unknown[];
  /** With a cookie that another browser has, or none. */
  open(cookie?: string): Browser<V>;
}

/** Something that keeps the session cookie. */
export interface Browser<V extends Visit = Visit> {
  /** The id in the cookie it has. */
  readonly id: string;
  readonly cookie: string | undefined;
  /** Sends a request, which is answered by `page`. */
  visit(page: Page<V>): Promise<Answer>;
}

const header = "x-page";

/** Pages are handed over in memory, so that a test reads from the top. The request says by number which one it wants. */
export class Pages<V extends Visit> {
  readonly #pages = new Map<string, Page<V>>();
  #count = 0;

  add(page: Page<V>): string {
    this.#count += 1;
    this.#pages.set(String(this.#count), page);
    return String(this.#count);
  }

  async answer(name: string | string[] | undefined, visit: V): Promise<unknown> {
    const page = this.#pages.get(String(name));
    if (page === undefined) throw new Error("There is no such page.");
    return (await page(visit)) ?? null;
  }
}

export function pageNameIn(headers: { readonly [name: string]: string | string[] | undefined }) {
  return headers[header];
}

/** Lets an application listen on a free port of the loopback interface. */
export async function serve<V extends Visit>(
  application: RequestListener,
  pages: Pages<V>,
  cookieName: string,
  errors: unknown[],
): Promise<Site<V>> {
  const server = createServer(application).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    server,
    errors,
    open: (cookie) => openBrowser(`http://127.0.0.1:${port}/`, pages, cookieName, cookie),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function openBrowser<V extends Visit>(
  url: string,
  pages: Pages<V>,
  cookieName: string,
  given: string | undefined,
): Browser<V> {
  let cookie = given;
  return {
    get cookie() {
      return cookie;
    },
    get id() {
      const value = decodeURIComponent(cookie?.slice(cookieName.length + 1) ?? "").replace(/^s:/, "");
      return value.slice(0, value.lastIndexOf("."));
    },
    async visit(page) {
      const headers = { [header]: pages.add(page), ...(cookie === undefined ? {} : { cookie }) };
      const response = await fetch(url, { headers });
      const body: unknown = await response.json();
      const set = response.headers.getSetCookie().find((text) => text.startsWith(`${cookieName}=`));
      if (set !== undefined) cookie = set.split(";")[0];
      return { status: response.status, body, setsCookie: set !== undefined };
    },
  };
}

/** A moment that others wait for. */
export function createMoment(): { readonly happened: Promise<void>; happen(): void } {
  let happen = () => {};
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { happened, happen };
}

/** Visits at once: all of them have their session before the first page runs, and each ends before the next one runs. */
export async function overlap<V extends Visit>(browser: Browser<V>, pages: readonly Page<V>[]): Promise<Answer[]> {
  const arrivals = pages.map(() => createMoment());
  let before: Promise<unknown> = Promise.all(arrivals.map(({ happened }) => happened));
  const answers = pages.map((page, place) => {
    const turn = before;
    const answer = browser.visit(async (visit) => {
      arrivals[place]?.happen();
      await turn;
      return page(visit);
    });
    before = answer;
    return answer;
  });
  return Promise.all(answers);
}

/** A visit that stops with its session in hand; `go` lets its page run, and resolves with its answer. */
export async function hold<V extends Visit>(
  browser: Browser<V>,
  page: Page<V>,
): Promise<{ readonly go: () => Promise<Answer> }> {
  const [arrival, start] = [createMoment(), createMoment()];
  const answer = browser.visit(async (visit) => {
    arrival.happen();
    await start.happened;
    return page(visit);
  });
  await Promise.race([arrival.happened, answer]);
  return {
    go() {
      start.happen();
      return answer;
    },
  };
}

/** A page that gives the session these attributes. */
export function changing(attributes: object): Page {
  return ({ session }) => void Object.assign(session, attributes);
}

/** A page that sets these members of the session's cookie. */
export function changingCookie(members: Partial<VisitCookie> & object): Page {
  return ({ cookie }) => void Object.assign(cookie, members);
}
