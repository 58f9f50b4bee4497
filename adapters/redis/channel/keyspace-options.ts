import type { RedisChannelChecks } from "./options.ts";

/**
 * The options of {@link createRedisKeyspaceChannel}.
 *
 * @public
 */
export interface RedisKeyspaceChannelOptions extends RedisChannelChecks {
  /**
   * The `prefix` of the handler: other keys are left alone, and it is taken off.
   *
   * @defaultValue `""`
   */
  readonly prefix?: string | undefined;
  /**
   * The beginning of the keys of sessions behind the prefix, `sess:` in the format of express-session: others are left alone, which saves time
   * where other programs delete keys in the same database.
   *
   * @defaultValue `""`
   */
  readonly keysBeginWith?: string | undefined;
}
