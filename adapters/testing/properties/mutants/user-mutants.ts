import { createSessionManager, type SessionHandler, type SessionManagerOptions, type UserSessions } from "sessionwire";
import type { Mutant } from "../kill-table.ts";
import type { CreateManager } from "../session/create-manager.ts";
import { below, type HandlerBug, managed } from "./broken-sessions.ts";

/**
 * Managers with one bug each, for `userContract`.
 *
 * @public
 */
export function userMutants(): Mutant<CreateManager>[] {
  return [
    below(124, "the list is read, changed and overwritten", ofLists(lastSetStays)),
    below(
      124,
      "a list loses its first entry",
      ofLists((inner) => ({
        write: (key, data, options) =>
          options.replaces === undefined
            ? inner.write(key, data, options)
            : inner.write(key, withoutFirst(data), options),
      })),
    ),
    managed(125, "ending all sessions ends nothing", (sessions) => ({
      ofUser: (user) => replaceEndAll(sessions.ofUser(user), async () => {}),
    })),
    managed(125, "ending all sessions spares the last", (sessions) => ({
      ofUser: (user) => {
        const own = sessions.ofUser(user);
        return replaceEndAll(own, async () => {
          for (const { handle } of (await own.list()).slice(0, -1)) await own.end(handle);
        });
      },
    })),
    limited("one session more than the limit is allowed", ({ maxSessions = Infinity }) => ({
      maxSessions: maxSessions + 1,
    })),
    limited("there is no limit", () => ({ maxSessions: undefined })),
  ];
}

type UsersOptions = NonNullable<SessionManagerOptions["users"]>;

function limited(bug: string, change: (users: UsersOptions) => Partial<UsersOptions>): Mutant<CreateManager> {
  const subject: CreateManager = ({ users, ...options }) =>
    createSessionManager({ ...options, users: users && { ...users, ...change(users) } });
  return { law: 126, bug, subject };
}

/** A bug in the actions on the lists of users, not in those on sessions. */
function ofLists(bug: HandlerBug): HandlerBug {
  return (inner) => {
    const broken: Pick<SessionHandler, "write"> = { ...inner, ...bug(inner) };
    return {
      write: (key, data, options) => (key.startsWith("user:") ? broken : inner).write(key, data, options),
    };
  };
}

function lastSetStays(inner: SessionHandler): Partial<SessionHandler> {
  return {
    async write(key, data, options) {
      const current = await inner.read(key);
      return inner.write(key, data, { ...options, replaces: current?.version });
    },
  };
}

function withoutFirst(data: Uint8Array): Uint8Array {
  const record = JSON.parse(new TextDecoder().decode(data)) as { readonly sessions: unknown[] };
  if (record.sessions.length > 1) record.sessions.shift();
  return new TextEncoder().encode(JSON.stringify(record));
}

function replaceEndAll(own: UserSessions, endAll: UserSessions["endAll"]): UserSessions {
  return { list: (options) => own.list(options), end: (handle, options) => own.end(handle, options), endAll };
}
