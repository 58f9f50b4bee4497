import { createHmac } from "node:crypto";
import { type Request, type RequestHandler, Router } from "express";
import type { SessionManager, UserSessions } from "sessionwire";
import type { ChatAttributes } from "./attributes.ts";

/** Lists the sessions of whoever asks, and ends them. */
export function yourSessions(sessions: SessionManager<ChatAttributes>): Router {
  const router = Router();

  router.get("/", async (request, response) => {
    const isSignedIn = request.session["chat.user"] !== undefined; // a page may ask just when its session has ended
    const list = isSignedIn ? await own(request).list({ current: request.session }) : [];
    // Browsers have clocks of their own.
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

/** The chat has no accounts: whoever signs in with the same name and the same password is the same user. */
export function userOf(name: string, password: string, secret: string): string {
  return createHmac("sha256", secret)
    .update(JSON.stringify([name, password]))
    .digest("base64url");
}

/** Names a browser to its user, by what it says of itself. */
export function describeBrowser(userAgent: string | undefined = ""): string {
  const browser = /Firefox|Edg|Chrome|Safari/.exec(userAgent)?.[0].replace("Edg", "Edge");
  const system = /Android|iPhone|iPad|Windows|Mac OS|Linux/.exec(userAgent)?.[0];
  return [browser ?? "A browser", ...(system ? [system] : [])].join(" on ");
}
