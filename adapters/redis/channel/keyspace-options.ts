import type { RedisChannelChecks } from "./options.ts";

/**
 * The options of {@link createRedisKeyspaceChannel}.
 *
 * @public
 */
export interface RedisKeyspaceChannelOptions extends RedisChannelChecks {
  /**
   * The `prefix` of the handler. It is removed from keys, and other keys are ignored.
   *
   * @defaultValue `""`
   */
  readonly prefix?: string | undefined;
  /**
   * The beginning of the keys of sessions after the prefix, `sess:` in the format of express-session. Other keys are
   * ignored, which saves time if other programs delete keys in the same database.
   *
   * @defaultValue `""`
   */
  readonly keysBeginWith?: string | undefined;
}
