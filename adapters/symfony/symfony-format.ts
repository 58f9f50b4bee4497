import { checkCount, type Json, MAX_TTL_SECONDS, type SessionFormat } from "sessionwire/backend";
import { commonFormat } from "./php-format.ts";
import { checkPhpOptionNames, type PhpFormatOptions, type PhpSettings, phpSettings } from "./php-options.ts";
import { checkName, checkStorable } from "./record/check-storable.ts";
import { createFlashEntry } from "./record/flash-entry.ts";
import { type PhpRecord, PhpRecords } from "./record/php-record.ts";
import { type Bags, SymfonyView } from "./record/symfony-view.ts";
import { stampedMetadata } from "./symfony-metadata.ts";
import { nodeOf } from "./values/fresh-nodes.ts";

/**
 * The options of {@link symfonyFormat}.
 *
 * @public
 */
export interface SymfonyFormatOptions extends PhpFormatOptions {
  /**
   * The storage key of the AttributeBag.
   *
   * @defaultValue `"_sf2_attributes"`
   */
  readonly attributesKey?: string | undefined;
  /**
   * The storage key of the FlashBag.
   *
   * @defaultValue `"_symfony_flashes"`
   */
  readonly flashesKey?: string | undefined;
  /**
   * The storage key of the MetadataBag.
   *
   * @defaultValue `"_sf2_meta"`
   */
  readonly metadataKey?: string | undefined;
  /**
   * `true` if the application uses an AutoExpireFlashBag, whose messages are for the next page only.
   *
   * @defaultValue `false`, for a FlashBag
   */
  readonly autoExpireFlashes?: boolean | undefined;
  /**
   * The `metadata_update_threshold` of Symfony: the minimum time between two updates of the time of last use.
   *
   * @defaultValue 0
   */
  readonly metadataUpdateThresholdSeconds?: number | undefined;
}

/**
 * Creates the format of Symfony applications, with the attributes, flashes and metadata of Symfony's bags.
 *
 * @remarks
 * - Unchanged parts are written back byte for byte. Values that JSON cannot represent are opaque: a {@link PhpValue}.
 * - Metadata are `c` (created), `u` (last used) and `l` (lifetime of the cookie), in seconds. Writes update them as
 *   Symfony does; they cannot be set.
 * - Flashes have no ids, so equal messages are the same message. An AutoExpireFlashBag returns those for the next page.
 * - A security token, an attribute `_security_…`, can be read and deleted, but only Symfony sets it.
 * - As in Symfony, a session ends when a change leaves it without attributes and flashes, unless `$_SESSION` has other
 *   members. With `"php_serialize"` it stays stored.
 * - The time to live restarts with every read, as it does in PHP with every request.
 * - Records have no place for a token, so after a lost reply it may remain unknown whether a save was applied.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function symfonyFormat(options: SymfonyFormatOptions): SessionFormat {
  checkPhpOptionNames("symfonyFormat", options, Object.keys(usualBags).concat("metadataUpdateThresholdSeconds"));
  const settings = phpSettings("symfonyFormat", options, "symfony-redis");
  const { metadataUpdateThresholdSeconds = 0 } = options;
  checkCount("metadataUpdateThresholdSeconds", metadataUpdateThresholdSeconds, 0, MAX_TTL_SECONDS);
  const times = { cookieLifetimeSeconds: settings.cookieLifetimeSeconds, metadataUpdateThresholdSeconds };
  const bags = bagsOf(options, settings);
  const records = new PhpRecords(settings.serializer, (session, known) => new SymfonyView(session, bags, known));
  const stamp = (record: PhpRecord, now: number): PhpRecord => {
    const stamped = records.rewrite({ ...record, metadata: stampedMetadata(record.metadata, now, times) });
    return isNothing(stamped) ? { ...stamped, isOver: true } : stamped;
  };
  return {
    ...commonFormat(settings, records),
    name: "symfony",
    create: (now) => ({ ...records.create(), metadata: stampedMetadata(noMetadata, now, times) }),
    flashEntry(value) {
      nodeOf(value); // throws for what PHP cannot store
      return createFlashEntry(value);
    },
    stamp,
    ttlSeconds: ({ isOver }: PhpRecord, { idleTimeoutSeconds }) => (isOver ? 0 : idleTimeoutSeconds),
    checkAttribute(name, value) {
      checkStorable(name, value);
      if (name.startsWith("_security_")) {
        throw new TypeError("Only Symfony signs users in: an attribute _security_… cannot be set.");
      }
    },
    checkMetadata(name) {
      throw new TypeError(`The symfony format stamps metadata itself; "${name}" cannot be set.`);
    },
  };
}

const noMetadata: ReadonlyMap<string, Json> = new Map();

const usualBags: Bags = {
  attributesKey: "_sf2_attributes",
  flashesKey: "_symfony_flashes",
  metadataKey: "_sf2_meta",
  autoExpireFlashes: false,
};

function bagsOf(options: SymfonyFormatOptions, { serializer }: PhpSettings): Bags {
  const {
    attributesKey = usualBags.attributesKey,
    flashesKey = usualBags.flashesKey,
    metadataKey = usualBags.metadataKey,
    autoExpireFlashes = usualBags.autoExpireFlashes,
  } = options;
  const keys = { attributesKey, flashesKey, metadataKey };
  for (const [option, key] of Object.entries(keys)) {
    if (typeof key !== "string" || !key.isWellFormed()) throw new TypeError(`${option} must be a well-formed string.`);
    checkName(key, serializer);
  }
  if (new Set(Object.values(keys)).size < 3) throw new TypeError("The storage keys of the bags must differ.");
  if (typeof autoExpireFlashes !== "boolean") throw new TypeError("autoExpireFlashes must be a boolean.");
  return { ...keys, autoExpireFlashes };
}

/** Checks if PHP would destroy the session instead of storing it. It stores an empty array. */
function isNothing({ php }: PhpRecord): boolean {
  return php?.bytes.length === 0;
}
