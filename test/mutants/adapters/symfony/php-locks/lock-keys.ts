import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 147,
    bug: "the lock has a key that PHP does not check",
    from: '"_LOCK"',
    to: '".LOCK"',
  },
  {
    breaks: "while a change is made",
    bug: "the lock of memcached has another key",
    from: 'before: "lock."',
    to: 'before: "lock:"',
  },
  { breaks: "what is no session of PHP", bug: "a lock gets a lock", from: " || isLockKey(key)", to: "" },
  {
    breaks: "what is no session of PHP",
    bug: "other records are locked",
    from: "!key.startsWith(prefix) || ",
    to: "",
  },
  { breaks: "what is no session of PHP", bug: "no id is one", from: "key.length === prefix.length || ", to: "" },
  {
    breaks: "what is no session of PHP",
    bug: "the key of a lock is too long",
    from: "isId(lockKey) ? lockKey : undefined",
    to: "lockKey",
  },
  {
    breaks: "locks of any process",
    bug: "sessions without the prefix are not listed if they end like a lock",
    from: "key.startsWith(prefix + before) && ",
    to: "",
  },
];
