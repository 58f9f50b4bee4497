import type { SessionFormat } from "sessionwire/backend";
import { createPhpId } from "./php-ids.ts";
import { checkPhpOptionNames, type PhpFormatOptions, type PhpSettings, phpSettings } from "./php-options.ts";
import { checkName, checkStorable } from "./record/check-storable.ts";
import { PhpRecords } from "./record/php-record.ts";
import { phpView } from "./record/php-view.ts";
import { isPhpValue } from "./values/php-value.ts";

/**
 * Creates the format of PHP applications without Symfony, whose attributes are the members of `$_SESSION`.
 *
 * @remarks
 * - Unchanged parts are written back byte for byte. Values that JSON cannot represent are opaque: a {@link PhpValue}.
 * - There are no flashes and no metadata. An empty session stays stored, as in PHP.
 * - Names that PHP cannot store are refused: with `"php"`, names that contain a `|`; with `"php_binary"`, names of more
 *   than 127 bytes; with both, integers.
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

/** Returns the members of a format that all PHP sessions have in common. */
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
