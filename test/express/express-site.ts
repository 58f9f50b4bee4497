import { createHmac } from "node:crypto";
import flash from "connect-flash";
import express, { type ErrorRequestHandler, type Request } from "express";
import session, { type SessionOptions, type Store } from "express-session";
import { isSessionError } from "sessionwire";
import { Pages, pageNameIn, type Site, serve, type Visit } from "./site.ts";

export interface ExpressVisit extends Visit {
  readonly request: Request;
}

export const secret = "of these tests alone, and long enough";

/** A real express application with one route. Its error handler answers 500 with the code of the error. */
export async function startExpressSite(
  store: Store,
  options: Partial<SessionOptions> = {},
): Promise<Site<ExpressVisit>> {
  const pages = new Pages<ExpressVisit>();
  const errors: unknown[] = [];
  const answerError: ErrorRequestHandler = (error, _request, response, _next) => {
    errors.push(error);
    if (response.headersSent) return;
    response.status(500).json({ code: isSessionError(error) ? error.code : String(error) });
  };
  const application = express()
    .use(session({ store, secret, resave: false, saveUninitialized: false, ...options }))
    .use(flash())
    .get("/", async (request, response) => {
      response.json(await pages.answer(pageNameIn(request.headers), visitOf(request)));
    })
    .use(answerError);
  return serve(application, pages, options.name ?? "connect.sid", errors);
}

/** The cookie that a browser has of a session. */
export function cookieOf(id: string): string {
  const signature = createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "");
  return `connect.sid=${encodeURIComponent(`s:${id}.${signature}`)}`;
}

function visitOf(request: Request): ExpressVisit {
  return {
    request,
    get id() {
      return request.sessionID;
    },
    get session() {
      return request.session as unknown as Record<string, unknown>; // tests put in whatever they like
    },
    get cookie() {
      return request.session.cookie;
    },
    save: () => called((done) => request.session.save(done)),
    reload: () => called((done) => request.session.reload(done)),
    regenerate: () => called((done) => request.session.regenerate(done)),
    destroy: () => called((done) => request.session.destroy(done)),
  };
}

/** What takes a callback, as a promise. */
export function called<Result = void>(
  run: (done: (error?: unknown, result?: Result) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    run((error, result) => (error ? reject(error) : resolve(result as Result))); // without an error there is a result
  });
}
