import cookies from "@fastify/cookie";
import session from "@fastify/session";
import fastify, { type FastifyRequest } from "fastify";
import { isSessionError } from "sessionwire";
import { Pages, pageNameIn, type Site, serve, type Visit } from "./site.ts";

export type FastifyStore = session.SessionStore;

export type FastifyVisit = Visit & { readonly request: FastifyRequest };

/** A real fastify application with one route. It answers 500 with the code of the error. */
export async function startFastifySite(
  store: FastifyStore,
  options: Partial<session.FastifySessionOptions> = {},
): Promise<Site<FastifyVisit>> {
  const pages = new Pages<FastifyVisit>();
  const errors: unknown[] = [];
  const application = fastify();
  await application.register(cookies);
  const secret = "of these tests alone, and long enough";
  await application.register(session, {
    store,
    secret,
    cookie: { secure: false },
    saveUninitialized: false,
    ...options,
  });
  application.get("/", async (request, reply) => {
    return reply
      .type("application/json")
      .send(JSON.stringify(await pages.answer(pageNameIn(request.headers), visitOf(request))));
  });
  application.setErrorHandler(async (error, _request, reply) => {
    errors.push(error);
    return reply.status(500).send({ code: isSessionError(error) ? error.code : String(error) });
  });
  await application.ready();
  return serve(application.routing, pages, "sessionId", errors);
}

function visitOf(request: FastifyRequest): FastifyVisit {
  return {
    request,
    get id() {
      return request.session.sessionId;
    },
    get session() {
      return request.session as unknown as Record<string, unknown>; // tests put in whatever they like
    },
    get cookie() {
      return request.session.cookie;
    },
    save: () => request.session.save(),
    reload: () => request.session.reload(),
    regenerate: () => request.session.regenerate(),
    destroy: () => request.session.destroy(),
  };
}
