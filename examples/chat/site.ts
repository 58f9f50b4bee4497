import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from "express";
import session from "express-session";
import { isSessionError, type SessionManager } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { type ChatAttributes, cleanName } from "./attributes.ts";
import { refuseForeignPosts, setSecurityHeaders } from "./browser-guard.ts";
import { destroy, regenerate, save } from "./express-promises.ts";
import { causeOf } from "./failures.ts";
import type { Html } from "./html.ts";
import { chatPage, errorPage, signInPage } from "./pages.ts";
import { describeBrowser, userOf, yourSessions } from "./your-sessions.ts";

export interface SiteOptions {
  readonly sessions: SessionManager<ChatAttributes>;
  /** The cookie, in the form that `attachSessions` accepts. */
  readonly cookie: { readonly name: string; readonly secrets: readonly [string, ...string[]] };
  /** The origins of pages that may submit forms. */
  readonly origins: readonly string[];
  /** The number of this process, if there are several. */
  readonly process: number | undefined;
  /** `true` if the page has a button that silences the connection to the store. */
  readonly hasTrial: boolean;
}

/** The part of the package that pages also need. It imports only its own files, so it runs in a browser. */
const packageFiles = dirname(fileURLToPath(import.meta.resolve("sessionwire/sockets")));
const assets = fileURLToPath(new URL("public", import.meta.url));

/** Serves the pages, forms and files. */
export function createSite({ sessions, cookie, origins, process, hasTrial }: SiteOptions): Express {
  const site = express();
  site.disable("x-powered-by");
  site.use(setSecurityHeaders);
  site.use("/assets/sessionwire", express.static(packageFiles, { index: false }));
  site.use("/assets", express.static(assets, { index: false }));
  site.use(refuseForeignPosts(origins));
  site.use(
    session({
      store: createExpressStore(sessions),
      name: cookie.name,
      secret: [...cookie.secrets],
      resave: false,
      saveUninitialized: false,
      // The cookie has no maximum age: a socket keeps the session alive, and cannot send a cookie. The store keeps the
      // time.
      cookie: { httpOnly: true, sameSite: "lax", secure: "auto" },
    }),
  );
  site.use(express.urlencoded({ extended: false, limit: "4kb" }));

  site.get("/", async (request, response) => {
    const name = request.session["chat.name"];
    if (name === undefined) return send(response, 200, signInPage(noticeOf(request)));
    // One atomic step, which leaves concurrent writes of sockets alone: each message is taken by one page.
    const notices = await sessions.update(request.sessionID, ({ flash }) => flash.take("notice"));
    send(response, 200, chatPage({ name, notices: notices.map(String), process, hasTrial }));
  });

  site.post("/sign-in", async (request, response) => {
    const name = cleanName(request.body?.name);
    if (name === undefined)
      return send(response, 400, signInPage("A name has 1 to 40 characters.", String(request.body?.name ?? "")));
    const password = String(request.body.password ?? "");
    await regenerate(request);
    request.session["chat.name"] = name;
    request.session["chat.person"] = randomUUID();
    request.session["chat.user"] = password ? userOf(name, password, cookie.secrets[0]) : randomUUID();
    request.session["chat.browser"] = describeBrowser(request.get("user-agent"));
    await save(request);
    await sessions.update(request.sessionID, ({ flash }) => flash.add("notice", `Welcome, ${name}.`));
    response.redirect(303, "/");
  });

  site.post("/sign-out", async (request, response) => {
    await destroy(request);
    response.clearCookie(cookie.name, { httpOnly: true, sameSite: "lax" });
    response.redirect(303, "/?signed-out");
  });

  site.use("/sessions", yourSessions(sessions));

  site.post("/notice", async (request, response) => {
    await sessions.update(request.sessionID, ({ flash }) => flash.add("notice", "This notice is shown once."));
    response.sendStatus(204);
  });

  /** Answers a page whose socket was lost, because browsers do not report the reason. */
  site.get("/session", (request, response) => {
    response.json({ isSignedIn: request.session["chat.name"] !== undefined });
  });

  site.use((_request, response) => send(response, 404, errorPage("There is no such page.")));
  site.use(answerError);
  return site;
}

function noticeOf({ query }: Request): string | undefined {
  return "signed-out" in query ? "You have signed out." : undefined;
}

/** Reports a failure of the store as such. Treating it as an absent session would sign everybody out. */
const answerError: ErrorRequestHandler = (error, request, response, next) => {
  if (response.headersSent) return next(error);
  if (isSessionError(error) && error.code === "gone") return response.redirect(303, "/");
  if (isSessionError(error)) {
    console.warn(`${request.method} ${request.path}: ${error.code}`);
    response.set("Retry-After", "2");
    return send(response, 503, errorPage(`${causeOf(error)} You are still signed in: try again in a moment.`));
  }
  const status = typeof error?.status === "number" ? error.status : 500; // from the body parser
  if (status >= 500) console.error(error);
  send(
    response,
    status,
    errorPage(status >= 500 ? "Something went wrong on the server." : "The request was not understood."),
  );
};

function send(response: Response, status: number, page: Html): void {
  response.status(status).type("html").send(page.text);
}
