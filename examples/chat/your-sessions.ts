import { createHmac } from "node:crypto";
import { type Request, type RequestHandler, Router } from "express";
import type { SessionManager, UserSessions } from "sessionwire";
import type { ChatAttributes } from "./attributes.ts";

/** Lists the sessions of the requesting user, and ends them. */
export function yourSessions(sessions: SessionManager<ChatAttributes>): Router {
  const router = Router();

  router.get("/", async (request, response) => {
    const isSignedIn = request.session["chat.user"] !== undefined; // a page may ask just after its session has ended
    const list = isSignedIn ? await own(request).list({ current: request.session }) : [];
    // the clock of a browser may differ
    response.json(list.map(({ boundAt, ...session }) => ({ ...session, signedInAgoMs: Date.now() - boundAt })));
  });

  router.use(refuseStrangers);
  router.post("/end", async (request, response) => {
    await own(request).end(String(request.body?.handle));
    response.sendStatus(204);
  });

  router.post("/end-others", async (request, response) => {
    await own(request).endAll({ except: request.session });
    response.sendStatus(204);
  });
  return router;

  function own(request: Request): UserSessions {
    return sessions.ofUser(request.session["chat.user"] ?? "");
  }
}

const refuseStrangers: RequestHandler = (request, response, next) => {
  if (request.session["chat.user"] !== undefined) next();
  else response.sendStatus(401);
};

/**
 * Returns the user. The chat has no accounts: signing in with the same name and the same password makes the same user.
 */
export function userOf(name: string, password: string, secret: string): string {
  return createHmac("sha256", secret)
    .update(JSON.stringify([name, password]))
    .digest("base64url");
}

/** Describes a browser to its user, by its own user agent. */
export function describeBrowser(userAgent: string | undefined = ""): string {
  const browser = /Firefox|Edg|Chrome|Safari/.exec(userAgent)?.[0].replace("Edg", "Edge");
  const system = /Android|iPhone|iPad|Windows|Mac OS|Linux/.exec(userAgent)?.[0];
  return [browser ?? "A browser", ...(system ? [system] : [])].join(" on ");
}
