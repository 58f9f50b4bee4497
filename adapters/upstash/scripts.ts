/**
 * Every operation is one script: the client decodes what it receives as UTF-8, and puts something else in the place of what is
 * not, so that bytes have to be made characters before they leave the store. They travel as the characters of the same numbers,
 * which are two bytes each from 128 on.
 *
 * Every answer begins with `~`, by which it is told from what any other server says. No JSON begins so, nor does base64, and behind
 * it a byte order mark is safe. `~-`: there is nothing; `~=`: there is this, with its version before it; `~+`: it is done.
 */
const toCharacters = `
local function toCharacters(data)
  if not data:find('[\\128-\\255]') then return data end
  local characters = {}
  for byte = 128, 255 do
    characters[string.char(byte)] = string.char(192 + math.floor(byte / 64), 128 + byte % 64)
  end
  return (data:gsub('[\\128-\\255]', characters))
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

const answers = `
local function versionOf(data)
  return data and (redis.sha1hex(data) .. ':' .. #data) or ''
end
local function whatIsThere(data)
  return data and ('~=' .. versionOf(data) .. ' ' .. toCharacters(data)) or '~-'
end
`;

export const readScript: string = `${toCharacters}${answers}
return whatIsThere(redis.call('GET', KEYS[1]))
`;

/** ARGV: the time to live in seconds. */
export const readAndTouchScript: string = `${toCharacters}${answers}
return whatIsThere(redis.call('GETEX', KEYS[1], 'EX', ARGV[1]))
`;

/**
 * ARGV: the version to be replaced ('' to create), the new bytes, how many they are, the time to live in seconds. Should the
 * characters have become others on their way, nothing is written.
 */
export const writeScript: string = `${toCharacters}${toBytes}${answers}
local data = toBytes(ARGV[2])
if #data ~= tonumber(ARGV[3]) then return redis.error_reply('ERR The bytes did not arrive as they were sent') end
local current = redis.call('GET', KEYS[1])
if versionOf(current) ~= ARGV[1] then return whatIsThere(current) end
redis.call('SET', KEYS[1], data, 'EX', ARGV[4])
return '~+' .. versionOf(data)
`;

/** ARGV: the time to live in seconds. */
export const touchScript = `
return redis.call('EXPIRE', KEYS[1], ARGV[1]) == 1 and '~+' or '~-'
`;

/** ARGV: the version to be destroyed, which is never ''. */
export const destroyIfScript: string = `${toCharacters}${answers}
local current = redis.call('GET', KEYS[1])
if versionOf(current) ~= ARGV[1] then return whatIsThere(current) end
redis.call('DEL', KEYS[1])
return '~+'
`;

export const destroyScript = `
return redis.call('DEL', KEYS[1]) == 1 and '~+' or '~-'
`;

/** ARGV: the cursor, the pattern, how many keys to look at. Answers with the next cursor and the keys. */
export const listScript: string = `${toCharacters}
local page = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3], 'TYPE', 'string')
local answer = { '~' .. page[1] }
for index, key in ipairs(page[2]) do answer[index + 1] = '~' .. toCharacters(key) end
return answer
`;
