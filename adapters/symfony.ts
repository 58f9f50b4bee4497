/**
 * Sessions of PHP applications, with or without Symfony.
 *
 * @packageDocumentation
 */

export { type PhpCookieOptions, phpCookie } from "./symfony/php-cookie.ts";
export { type PhpLockStyle, type PhpLocksOptions, withPhpLocks } from "./symfony/php-locks.ts";
export type { PhpSerializer } from "./symfony/php-text/session.ts";
export { type PhpTypes, php } from "./symfony/values/php.ts";
export { PhpValue, type PhpValueKind } from "./symfony/values/php-value.ts";
