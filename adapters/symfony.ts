/**
 * Sessions of PHP applications, with or without Symfony.
 *
 * @packageDocumentation
 */

export type { PhpSerializer } from "./symfony/php-text/session.ts";
