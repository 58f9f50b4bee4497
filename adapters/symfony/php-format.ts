import type { SessionFormat } from "sessionwire/backend";
import { createPhpId } from "./php-ids.ts";
import { checkPhpOptionNames, type PhpFormatOptions, type PhpSettings, phpSettings } from "./php-options.ts";
import { checkName, checkStorable } from "./record/check-storable.ts";
import { PhpRecords } from "./record/php-record.ts";
import { phpView } from "./record/php-view.ts";
import { isPhpValue } from "./values/php-value.ts";

/**
 * Creates the format of PHP applications without Symfony: an attribute is a member of `$_SESSION`.
 *
 * @remarks
 * - Members that have not changed go back byte for byte. Values that JSON cannot represent are opaque.
 * - There are no flashes and no metadata. An empty session stays stored, as in PHP.
 * - A name must be one under which PHP keeps a member: with `"php"`, without a `|`; with `"php_binary"`, of at most 127
 *   bytes; with both of them, no integer.
 * - The time to live restarts with every read, as it does in PHP with every request.
 * - Records have no place for a token, so after a lost reply it may remain unknown whether a save was applied.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function phpFormat(options: PhpFormatOptions): SessionFormat {
  checkPhpOptionNames("phpFormat", options);
  const settings = phpSettings("phpFormat", options, "phpredis");
  const records = new PhpRecords(settings.serializer, phpView);
  return {
    ...commonFormat(settings, records),
    name: "php",
    create: () => records.create(),
    flashEntry() {
      throw new TypeError("The php format has no flashes.");
    },
    stamp: (record) => records.rewrite(record),
    ttlSeconds: (_, { idleTimeoutSeconds }) => idleTimeoutSeconds,
    checkAttribute(name, value) {
      checkStorable(name, value);
      checkName(name, settings.serializer);
    },
    checkMetadata(name) {
      throw new TypeError(`The php format has no metadata "${name}".`);
    },
  };
}

/** The members of a format that all sessions of PHP have in common. */
export function commonFormat({ prefix, idleTimeoutSeconds, isId }: PhpSettings, records: PhpRecords): CommonFormat {
  return {
    defaults: { idleTimeoutSeconds },
    acceptsForeignIds: true,
    storesTokens: false,
    storesForwards: false,
    acceptsOpaque: isPhpValue,
    createId: createPhpId,
    isId,
    keyPrefix: prefix,
    keyOf: (id) => prefix + id,
    idOf: (key) => (key.startsWith(prefix) ? key.slice(prefix.length) : undefined),
    decode: (data) => records.decode(data),
    encode: (record) => records.encode(record),
    ttlSecondsOfRead: (limits) => limits.idleTimeoutSeconds,
  };
}

type CommonFormat = Omit<
  SessionFormat,
  "name" | "create" | "flashEntry" | "stamp" | "ttlSeconds" | "checkAttribute" | "checkMetadata"
>;
