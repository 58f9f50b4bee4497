import express, { type Express } from "express";
import session from "express-session";
import type { SessionManager } from "sessionwire";
import { createExpressStore } from "sessionwire/express";

/** Creates an application with a cart in the session; the route under test answers failures of the store. */
export function createApplication(sessions: SessionManager): Express {
  const application = express();
  const store = createExpressStore(sessions);
  application.use(session({ store, secret: "of this example", resave: false, saveUninitialized: true }));

  // A counter is changed by a function: two simultaneous requests, or one whose answer was lost, must not buy twice.
  application.post("/cart/:item", async (request, response) => {
    const { item } = request.params;
    await sessions.update(request.sessionID, (draft) => {
      draft.update("cart", (cart = []) => [...(cart as string[]), item]);
    });
    response.status(204).end();
  });

  application.get("/cart", (request, response) => {
    response.json("cart" in request.session ? request.session.cart : []);
  });

  application.use(((error, _request, response, _next) => {
    const isKnown = error !== null && typeof error === "object" && "code" in error;
    response.status(isKnown ? 503 : 500).json({ code: isKnown ? error.code : "failed", outcome: error?.outcome });
  }) satisfies express.ErrorRequestHandler);
  return application;
}
