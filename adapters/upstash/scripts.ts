import { sha1Hex } from "./sha1.ts";

/**
 * A script for changes without a command of their own: it replaces or destroys exactly the version that was read, by
 * its digest.
 *
 * @remarks
 * Data that is not UTF-8 is sent as characters with the same codes, which take two bytes each from 128 on. An answer
 * starts with a character that distinguishes it from the answers of other servers. `-`: nothing is stored; `=`: the
 * stored data follows; `+`: done.
 */
export interface UpstashScript {
  readonly source: string;
  /** The name by which EVALSHA calls it. */
  readonly digest: string;
}

const versionOf = `
local function versionOf(data)
  return data and (redis.sha1hex(data) .. ':' .. #data) or ''
end
`;

const toBytes = `
local function toBytes(text)
  if not text:find('[\\194\\195]') then return text end
  local bytes = {}
  for byte = 128, 255 do
    bytes[string.char(192 + math.floor(byte / 64), 128 + byte % 64)] = string.char(byte)
  end
  return (text:gsub('[\\194\\195][\\128-\\191]', bytes))
end
`;

/** ARGV: the version to be replaced ('' to create), the new text, its length in bytes, the time to live in seconds. */
export const writeTextScript: UpstashScript = script(writing("ARGV[2]"));

/** Like `writeTextScript`, with characters that stand for bytes. */
export const writeBytesScript: UpstashScript = script(`${toBytes}${writing("toBytes(ARGV[2])")}`);

/** ARGV: the version to be destroyed, which is never ''. */
export const destroyIfScript: UpstashScript = script(`${versionOf}
local current = redis.call('GET', KEYS[1])
if versionOf(current) ~= ARGV[1] then return current and '=' .. current or '-' end
redis.call('DEL', KEYS[1])
return '+'
`);

/** ARGV: the cursor, the pattern, the number of keys to look at. Answers with the next cursor and the keys. */
export const listScript: UpstashScript = script(`
local page = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3], 'TYPE', 'string')
local answer = { '~' .. page[1] }
for index, key in ipairs(page[2]) do answer[index + 1] = '~' .. key end
return answer
`);

/** Writes nothing if the data was altered on its way. */
function writing(data: string): string {
  return `${versionOf}
local data = ${data}
if #data ~= tonumber(ARGV[3]) then return redis.error_reply('ERR The bytes did not arrive as they were sent') end
local current = redis.call('GET', KEYS[1])
if versionOf(current) ~= ARGV[1] then return current and '=' .. current or '-' end
redis.call('SET', KEYS[1], data, 'EX', ARGV[4])
return '+'
`;
}

function script(source: string): UpstashScript {
  let digest: string | undefined;
  return {
    source,
    get digest() {
      digest ??= sha1Hex(new TextEncoder().encode(source));
      return digest;
    },
  };
}
