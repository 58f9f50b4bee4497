import {
  checkedJson,
  corrupt,
  createFlashEntry,
  encodeJson,
  flashesFromJson,
  flashesToJson,
  isId,
  isJsonObject,
  type Json,
  parseJson,
  randomText,
  type SessionFormat,
  type SessionRecord,
} from "sessionwire/backend";

const PREFIX = "pairs:";

/** A format of somebody's own, made of what the package gives to those who write one: attributes as a JSON array of pairs, and flashes. */
export function pairsFormat(): SessionFormat {
  return {
    name: "pairs",
    defaults: { idleTimeoutSeconds: 600 },
    adoptsIds: false,
    keepsTokens: false,
    keepsForwards: false,
    createId: () => randomText(32),
    isId: (id) => /^[\w-]{43}$/.test(id) && isId(id),
    keyPrefix: PREFIX,
    keyOf: (id) => PREFIX + id,
    idOf: (key) => (key.startsWith(PREFIX) ? key.slice(PREFIX.length) : undefined),
    create: () => ({ attributes: new Map(), flashes: new Map(), metadata: new Map(), tokens: [] }),
    decode,
    encode: ({ attributes, flashes }) => encodeJson({ pairs: [...attributes], flashes: flashesToJson(flashes) }),
    flashEntry: createFlashEntry,
    stamp: (record) => record,
    ttlSeconds: (_, { idleTimeoutSeconds }) => idleTimeoutSeconds,
    ttlSecondsOfRead: ({ idleTimeoutSeconds }) => idleTimeoutSeconds,
    checkAttribute: () => {},
    checkMetadata() {
      throw new TypeError("The format has no metadata.");
    },
  };
}

function decode(data: Uint8Array): SessionRecord {
  const json = parseJson(data);
  if (!isJsonObject(json) || Object.keys(json).length !== 2) throw corrupt("its members are not ours");
  return {
    attributes: new Map(pairsOf(json.pairs)),
    flashes: flashesFromJson(json.flashes),
    metadata: new Map(),
    tokens: [],
  };
}

function pairsOf(json: Json | undefined): [string, Json][] {
  if (!Array.isArray(json)) throw corrupt("it has no pairs");
  const pairs = json.map((pair: Json): [string, Json] => {
    const [name, value, ...rest]: Json[] = Array.isArray(pair) ? pair : [];
    if (typeof name !== "string" || value === undefined || rest.length > 0) throw corrupt("it has no pairs");
    return [name, checkedJson(value)];
  });
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw corrupt("a name stands twice in it");
  return pairs;
}
