import type { Server } from "node:http";
import {
  createSessionManager,
  expressCookie,
  type SessionHandler,
  type SessionManager,
  type SessionManagerOptions,
} from "sessionwire";
import { attachSessions, type SessionSockets, type SessionSocketsOptions, type SocketSession } from "sessionwire/ws";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import type { CookieSubject } from "./cookies.ts";
import type { SocketSubject } from "./sockets.ts";

/** Parts of the package that are broken on purpose. */
interface BrokenVersion<Subject> {
  readonly bug: string;
  /** How the name of the case begins that finds it. */
  readonly breaks: string;
  readonly parts: Partial<Subject>;
}

type Parse = (header: string | undefined) => Promise<string | undefined>;

export const brokenCookies: readonly BrokenVersion<CookieSubject>[] = [
  {
    bug: "a cookie is not decoded",
    breaks: "the cookie of express-session is read",
    parts: readerWith((parse) => (header) => parse(header?.replaceAll("%", "%25"))),
  },
  {
    bug: "a signature is not compared",
    breaks: "a signature of which any character was changed",
    parts: readerWith(() => async (header) => /=s(?::|%3A)([^.]*)\./.exec(header ?? "")?.[1]),
  },
  {
    bug: "what cannot be decoded is thrown",
    breaks: "text beyond ASCII",
    parts: readerWith((parse) => async (header) => parse(decodeURIComponent(header ?? ""))),
  },
  {
    bug: "only the first cookie is looked at",
    breaks: "an id comes back from the header",
    parts: managerWith((parse) => (header) => parse(header?.split(";")[0])),
  },
  {
    bug: "cookies are not signed",
    breaks: "a cookie of the manager that is not signed",
    parts: makingManagers(({ cookie, ...options }) => createSessionManager(options)),
  },
  {
    bug: "the last secret signs",
    breaks: "the first secret signs",
    parts: makingManagers(({ cookie, ...options }) =>
      createSessionManager({ ...options, cookie: { ...cookie, secrets: cookie?.secrets?.toReversed() } }),
    ),
  },
  {
    bug: "the first cookie wins",
    breaks: "two cookies that disagree",
    parts: managerWith((parse) => async (header) => {
      const ids = await Promise.all(header?.split("; ").map(parse) ?? []);
      return ids.find((id) => id !== undefined);
    }),
  },
  {
    bug: "ids are counted",
    breaks: "ids are long",
    parts: makingManagers((options) => {
      let count = 0;
      const create = async () => ({ id: String(count++) });
      return Object.assign(createSessionManager(options), { create }) as unknown as SessionManager;
    }),
  },
];

export const brokenSockets: readonly BrokenVersion<SocketSubject>[] = [
  {
    bug: "a cookie need not be signed",
    breaks: "a handshake without a cookie",
    parts: attachingWith({ cookie: { parse: async (header) => /session=([^.]*)/.exec(header ?? "")?.[1] } }),
  },
  {
    bug: "every page may connect",
    breaks: "a handshake from another page",
    parts: attachingWith({ allowedOrigins: () => true }),
  },
  {
    bug: "the application is not asked",
    breaks: "a handshake that the application does not want",
    parts: attachingWith({ authorize: undefined }),
  },
  {
    bug: "a store that fails has no session",
    breaks: "a handshake gets 503",
    parts: makingManagers((options) => createSessionManager({ ...options, handler: forgiving(options.handler) })),
  },
  {
    bug: "a session may have any number of sockets",
    breaks: "of many handshakes at once",
    parts: attachingWith({ maxSocketsPerSession: Infinity }),
  },
  {
    bug: "what comes with the handshake is dropped",
    breaks: "messages reach the application that come together",
    parts: {
      WebSocketServer: class extends WebSocketServer {
        override handleUpgrade(...[request, socket, , callback]: Parameters<WebSocketServer["handleUpgrade"]>): void {
          super.handleUpgrade(request, socket, Buffer.alloc(0), callback);
        }
      },
    },
  },
  {
    bug: "the application does not hear its sockets",
    breaks: "messages reach the application in order",
    parts: connectingWith((socket) => Object.assign(socket, { on: () => socket })),
  },
  {
    bug: "a change is not carried out",
    breaks: "what a message writes into the session",
    parts: connectingWith((_, session) => Object.assign(session, { change: async () => undefined })),
  },
  {
    bug: "every socket is closed with 1000",
    breaks: "a session that ends closes its socket",
    parts: connectingWith(closeWith1000),
  },
  {
    bug: "an application goes on hearing a socket whose session has ended",
    breaks: "a session that ends closes its socket",
    parts: connectingWith((socket) => Object.assign(socket, { removeAllListeners: () => socket })),
  },
  {
    bug: "there is no maxPayload",
    breaks: "a message beyond maxPayload",
    parts: servingWith({ maxPayload: 0 }),
  },
  {
    bug: "there is no maxFragments",
    breaks: "a message in more parts",
    parts: servingWith({ maxFragments: 0 }),
  },
  {
    bug: "every socket is closed with 1000 when the server ends",
    breaks: "the end of the server",
    parts: connectingWith(closeWith1000),
  },
];

function readerWith(change: (parse: Parse) => Parse): Partial<CookieSubject> {
  return {
    expressCookie(options) {
      const reader = expressCookie(options);
      return { ...reader, parse: change(reader.parse) };
    },
  };
}

function managerWith(change: (parse: Parse) => Parse): Partial<CookieSubject> {
  return makingManagers((options) => {
    const sessions = createSessionManager(options);
    const { cookie } = sessions;
    return Object.assign(sessions, { cookie: { ...cookie, parse: change(cookie.parse) } });
  });
}

/** The attributes are a word of the type alone. */
function makingManagers(
  create: (options: SessionManagerOptions) => SessionManager,
): Pick<CookieSubject & SocketSubject, "createSessionManager"> {
  return { createSessionManager: create as typeof createSessionManager };
}

/** With other options than those that the case gives. */
function attachingWith(broken: Partial<SessionSocketsOptions>): Partial<SocketSubject> {
  return attaching((server, wss, options) => attachSessions(server, wss, { ...options, ...broken }));
}

/** With another socket or session than the one that was made. */
function connectingWith(breakParts: (socket: WebSocket, session: SocketSession) => void): Partial<SocketSubject> {
  return attaching((server, wss, options) =>
    attachSessions(server, wss, {
      ...options,
      onConnection(socket, request, session) {
        breakParts(socket, session);
        return options.onConnection?.(socket, request, session);
      },
    }),
  );
}

function attaching(
  attach: (server: Server, wss: WebSocketServer, options: SessionSocketsOptions) => SessionSockets,
): Partial<SocketSubject> {
  return { attachSessions: attach as typeof attachSessions };
}

function servingWith(broken: ServerOptions): Partial<SocketSubject> {
  return {
    WebSocketServer: class extends WebSocketServer {
      constructor(options: ServerOptions) {
        super({ ...options, ...broken });
      }
    },
  };
}

function closeWith1000(socket: WebSocket): void {
  const close = socket.close.bind(socket);
  Object.assign(socket, { close: () => close(1000) });
}

/** A handler that takes a failure for absence. */
function forgiving(handler: SessionHandler): SessionHandler {
  return {
    read: (...args) => handler.read(...args).catch(() => undefined),
    write: (...args) => handler.write(...args),
    touch: (...args) => handler.touch(...args),
    destroy: (...args) => handler.destroy(...args),
    close: () => handler.close(),
    [Symbol.asyncDispose]: () => handler.close(),
  };
}
