import { checkOptionNames } from "../backend/checks.ts";
import { systemClock } from "../clock.ts";
import { nativeFormat } from "../formats/native.ts";
import { assembleManager } from "./assemble-manager.ts";
import { basicOptionNames } from "./create-basic-manager.ts";
import { ChannelLink } from "./events/channel-link.ts";
import type { SessionManager, SessionManagerOptions } from "./manager.ts";
import { checkSchema, type SessionSchema } from "./schema/schema.ts";
import { checkOnInvalid } from "./schema/stored-attributes.ts";
import { TypedAttributes } from "./schema/typed-attributes.ts";
import { createUsers } from "./users/create-users.ts";
import type { SessionUsersOptions } from "./users/options.ts";

/**
 * Creates the manager of an application's sessions.
 *
 * @remarks
 * Callers share the work under way for a session, and continue without a caller that has left. A request cancelled by
 * Cloudflare Workers is noticed within half a second, and others wait for a single reply of the store for at most 10 s
 * if the handler has no deadline.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function createSessionManager<Attributes extends object = Record<string, unknown>>(
  options: SessionManagerOptions<Attributes>,
): SessionManager<Attributes> {
  checkOptionNames("createSessionManager", options, [...basicOptionNames, "channel", "users", "schema", "onInvalid"]);
  const { format = nativeFormat(), channel, schema, onInvalid, clock = systemClock } = options;
  const users = options.users as SessionUsersOptions | undefined; // the attributes exist only in the type
  if (schema !== undefined) checkSchema(schema);
  if (onInvalid !== undefined) checkOnInvalid(onInvalid, schema);
  const channels = channel === undefined ? [] : [channel].flat();
  const sessions = assembleManager(options as SessionManagerOptions, format, {
    link: channels.length > 0 ? new ChannelLink(channels, clock) : undefined,
    typed: schema && new TypedAttributes(schema as SessionSchema, onInvalid, format),
    ...(users && { createUsers: (parts) => createUsers(users, parts) }),
  });
  return sessions as unknown as SessionManager<Attributes>; // likewise
}
