import { sha1Hex } from "./sha1.ts";

/**
 * A script for what has no command of its own: to replace or end just what was read, by its digest.
 *
 * @remarks
 * What is no UTF-8 is sent as the characters of the same numbers, which are two bytes each from 128 on. An answer begins with a
 * character by which it is told from what another server says. `-`: there is nothing; `=`: there is this; `+`: it is done.
 */
export interface UpstashScript {
  readonly source: string;
  /** The name that EVALSHA takes. */
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

/** ARGV: the version to be replaced ('' to create), the new text, how many bytes that is, the time to live in seconds. */
export const writeTextScript: UpstashScript = script(writing("ARGV[2]"));

/** As `writeTextScript`, with characters in the place of bytes. */
export const writeBytesScript: UpstashScript = script(`${toBytes}${writing("toBytes(ARGV[2])")}`);

/** ARGV: the version to be destroyed, which is never ''. */
export const destroyIfScript: UpstashScript = script(`${versionOf}
local current = redis.call('GET', KEYS[1])
if versionOf(current) ~= ARGV[1] then return current and '=' .. current or '-' end
redis.call('DEL', KEYS[1])
return '+'
`);

/** ARGV: the cursor, the pattern, how many keys to look at. Answers with the next cursor and the keys. */
export const listScript: UpstashScript = script(`
local page = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3], 'TYPE', 'string')
local answer = { '~' .. page[1] }
for index, key in ipairs(page[2]) do answer[index + 1] = '~' .. key end
return answer
`);

/** Should the data have become another on its way, nothing is written. */
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
