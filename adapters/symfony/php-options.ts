import { checkCount, checkOptionNames, isId, MAX_TTL_SECONDS } from "sessionwire/backend";
import { isPhpId } from "./php-ids.ts";
import type { PhpSerializer } from "./php-text/session.ts";
import { type PhpPreset, saveHandlerOf } from "./presets.ts";

/**
 * The options of {@link phpFormat}.
 *
 * @public
 */
export interface PhpFormatOptions {
  /** The `session.serialize_handler` of PHP. It is never guessed: PHP ends a session that is written in another form. */
  readonly serializer: PhpSerializer;
  /**
   * The save handler by which PHP stores sessions, which determines the prefix and the time to live.
   *
   * @defaultValue `"phpredis"`; `symfonyFormat`: `"symfony-redis"`
   */
  readonly preset?: PhpPreset | undefined;
  /**
   * The part of the key before the id, without a prefix that the client of PHP adds by itself: that one is the `prefix`
   * of the handler.
   *
   * @defaultValue that of the preset
   */
  readonly prefix?: string | undefined;
  /**
   * The `session.gc_maxlifetime` of PHP, or the `ttl` of its handler: the time without use after which a session ends.
   *
   * @defaultValue 1440
   */
  readonly gcMaxLifetimeSeconds?: number | undefined;
  /**
   * The `session.cookie_lifetime` of PHP. 0 keeps the cookie until the browser is closed.
   *
   * @defaultValue 0
   */
  readonly cookieLifetimeSeconds?: number | undefined;
}

/** The names of the options. */
export const phpOptionNames: readonly (keyof PhpFormatOptions)[] = [
  "serializer",
  "preset",
  "prefix",
  "gcMaxLifetimeSeconds",
  "cookieLifetimeSeconds",
];

/** The checked options, with defaults. */
export interface PhpSettings {
  readonly serializer: PhpSerializer;
  readonly prefix: string;
  readonly idleTimeoutSeconds: number;
  readonly cookieLifetimeSeconds: number;
  isId(id: string): boolean;
}

/** Checks the options of the function named `of`, whose default preset is `usual`. */
export function phpSettings(of: string, options: PhpFormatOptions, usual: PhpPreset): PhpSettings {
  const { serializer, preset = usual, gcMaxLifetimeSeconds = 1440, cookieLifetimeSeconds = 0 } = options;
  if (!serializers.includes(serializer)) {
    throw new TypeError(`${of} needs serializer, the session.serialize_handler of PHP: ${serializers.join(", ")}.`);
  }
  const saveHandler = saveHandlerOf(preset);
  const { prefix = saveHandler.prefix } = options;
  if (typeof prefix !== "string" || !prefix.isWellFormed()) throw new TypeError("prefix must be a well-formed string.");
  checkCount("gcMaxLifetimeSeconds", gcMaxLifetimeSeconds, 1, MAX_TTL_SECONDS);
  checkCount("cookieLifetimeSeconds", cookieLifetimeSeconds, 0, MAX_TTL_SECONDS);
  const maxIdLength = saveHandler.maxKeyBytes - new TextEncoder().encode(prefix).length;
  return {
    serializer,
    prefix,
    idleTimeoutSeconds: Math.max(gcMaxLifetimeSeconds, saveHandler.livesAsCookie ? cookieLifetimeSeconds : 0),
    cookieLifetimeSeconds,
    isId: (id) => isPhpId(id) && id.length <= maxIdLength && isId(prefix + id),
  };
}

const serializers: readonly PhpSerializer[] = ["php", "php_binary", "php_serialize"];

/** Checks the names of options. A format may have `more` of them. */
export function checkPhpOptionNames(of: string, options: object, more: readonly string[] = []): void {
  checkOptionNames(of, options, [...phpOptionNames, ...more]);
}
