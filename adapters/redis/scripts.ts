import { hash } from "node:crypto";

export interface RedisScript {
  readonly source: string;
  readonly sha: string;
}

/** Answers 1 when it has done its work, or else what is there: an array of one, nil for nothing. */
const versionOf = `
local function versionOf(data)
  return data and (redis.sha1hex(data) .. ':' .. #data) or ''
end
local current = redis.call('GET', KEYS[1])
`;

/** ARGV: the version to be replaced ('' to create), the new bytes, the time to live in seconds. */
export const writeScript: RedisScript = script(`${versionOf}
if versionOf(current) ~= ARGV[1] then return { current } end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
`);

/** ARGV: the version to be destroyed, which is never ''. */
export const destroyScript: RedisScript = script(`${versionOf}
if versionOf(current) ~= ARGV[1] then return { current } end
redis.call('DEL', KEYS[1])
return 1
`);

function script(source: string): RedisScript {
  return { source, sha: hash("sha1", source, "hex") };
}
