/**
 * Sessions of PHP applications, with or without Symfony.
 *
 * @packageDocumentation
 */

export { type DeflateMarshallerOptions, withDeflateMarshaller } from "./symfony/marshallers/deflate-marshaller.ts";
export {
  type SodiumBoxes,
  type SodiumMarshallerOptions,
  withSodiumMarshaller,
} from "./symfony/marshallers/sodium-marshaller.ts";
export { phpMemcachedValue } from "./symfony/memcached-values.ts";
export { type PhpCookieOptions, phpCookie } from "./symfony/php-cookie.ts";
export { phpFormat } from "./symfony/php-format.ts";
export { type PhpLockStyle, type PhpLocksOptions, withPhpLocks } from "./symfony/php-locks.ts";
export type { PhpFormatOptions } from "./symfony/php-options.ts";
export type { PhpSerializer } from "./symfony/php-text/session.ts";
export type { PhpPreset } from "./symfony/presets.ts";
export { type SecurityToken, type SecurityTokenOptions, securityTokenOf } from "./symfony/security-token.ts";
export { type SymfonyFormatOptions, symfonyFormat } from "./symfony/symfony-format.ts";
export { type PhpTypes, php } from "./symfony/values/php.ts";
export { PhpValue, type PhpValueKind } from "./symfony/values/php-value.ts";
