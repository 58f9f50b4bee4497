/**
 * Every script answers with one text: "+" when it has done what it was asked, or "-"; behind that the version, and behind a blank
 * the data of what is there. No text of a client or a proxy looks like that, nor does nothing at all.
 *
 * Text arrives and leaves as UTF-8, so that a byte above 0x7F is two: the first 0xC2 or 0xC3.
 */
const common = `
local function toBytes(text)
  return (text:gsub('([\\194\\195])([\\128-\\191])', function(first, second)
    return first == '\\194' and second or string.char(second:byte() + 64)
  end))
end
local function toText(bytes)
  return (bytes:gsub('[\\128-\\255]', function(byte)
    local code = byte:byte()
    return code < 192 and '\\194' .. byte or '\\195' .. string.char(code - 64)
  end))
end
local function versionOf(data)
  return data and (redis.sha1hex(data) .. ':' .. #data) or ''
end
local function saying(data)
  return data and (versionOf(data) .. ' ' .. toText(data)) or ''
end
`;

/** ARGV: the new time to live in seconds, or ''. */
export const readScript: string = `${common}
local current
if ARGV[1] == '' then current = redis.call('GET', KEYS[1])
else current = redis.call('GETEX', KEYS[1], 'EX', ARGV[1]) end
if not current then return '-' end
return '+' .. saying(current)
`;

/** ARGV: the version to be replaced ('' to create), the new data, the time to live in seconds. */
export const writeScript: string = `${common}
local current = redis.call('GET', KEYS[1])
if versionOf(current) ~= ARGV[1] then return '-' .. saying(current) end
local data = toBytes(ARGV[2])
redis.call('SET', KEYS[1], data, 'EX', ARGV[3])
return '+' .. versionOf(data)
`;

/** ARGV: the time to live in seconds. */
export const touchScript: string = `
return redis.call('EXPIRE', KEYS[1], ARGV[1]) == 1 and '+' or '-'
`;

/** ARGV: the version to be destroyed, or '' for whatever is there. */
export const destroyScript: string = `${common}
if ARGV[1] == '' then return redis.call('DEL', KEYS[1]) == 1 and '+' or '-' end
local current = redis.call('GET', KEYS[1])
if versionOf(current) ~= ARGV[1] then return '-' .. saying(current) end
redis.call('DEL', KEYS[1])
return '+'
`;

/** ARGV: the cursor, and the text that the keys begin with. Answers with the next cursor, and each key behind its length. */
export const listScript: string = `${common}
local pattern = ARGV[2]:gsub('[*?%[%]\\\\]', '\\\\%0') .. '*'
local page = redis.call('SCAN', ARGV[1], 'MATCH', pattern, 'COUNT', 100, 'TYPE', 'string')
local answer = { '+', page[1], ' ' }
for _, key in ipairs(page[2]) do
  answer[#answer + 1] = #key .. ':' .. toText(key)
end
return table.concat(answer)
`;
