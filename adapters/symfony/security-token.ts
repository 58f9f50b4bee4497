import type { Json } from "sessionwire";
import { checkOptionNames } from "sessionwire/backend";
import { readToken, type StoredToken } from "./security/token-state.ts";
import { unreadable } from "./security/unreadable.ts";
import { userOf } from "./security/user-of.ts";
import { isPhpValue } from "./values/php-value.ts";

/**
 * The user who is signed in at a firewall of Symfony.
 *
 * @public
 */
export interface SecurityToken {
  /** The class of the token, such as `Symfony\Component\Security\Http\Authenticator\Token\PostAuthenticationToken`. */
  readonly className: string;
  /** The identifier of the user. */
  readonly userIdentifier: string;
  /** The class of the user; `undefined` if the token of an older Symfony contains only the identifier. */
  readonly userClass: string | undefined;
  /**
   * The names of the roles at sign-in; `undefined` if the token does not contain them (Symfony 7.3 or later, for users
   * that implement `EquatableInterface`).
   */
  readonly roles: readonly string[] | undefined;
  /** The name of the firewall; `undefined` if the class of the token is not one of Symfony's. */
  readonly firewall: string | undefined;
}

/**
 * The options of {@link securityTokenOf}.
 *
 * @public
 */
export interface SecurityTokenOptions {
  /**
   * The property of the user whose value `getUserIdentifier()` returns.
   *
   * @defaultValue the first of `userIdentifier`, `username` and `email` that the user has
   */
  readonly identifierProperty?: string | undefined;
}

/**
 * Returns the user who is signed in at a firewall of Symfony, or `undefined`.
 *
 * @remarks
 * - `firewall` is the name of the firewall, or its `context` if it has one.
 * - The password and the other properties of the user are not included.
 * - Symfony reloads the user at each request, and signs out users who have changed. The token shows the user as of the
 *   last request.
 * - Only Symfony writes tokens: setting one is refused.
 *
 * @throws SessionError with code `corrupt` if the token cannot be read, and `TypeError` if the user has none of the
 * properties that may contain the identifier. Messages contain nothing of the token.
 *
 * @public
 */
export function securityTokenOf(
  session: { get(name: string): unknown },
  firewall: string,
  options: SecurityTokenOptions = {},
): SecurityToken | undefined {
  checkOptionNames("securityTokenOf", options, ["identifierProperty"]);
  if (typeof firewall !== "string") throw new TypeError("securityTokenOf needs the name of a firewall.");
  const token = readToken(session.get(`_security_${firewall}`));
  if (token === undefined || isNobody(token)) return undefined;
  const { className, state } = token;
  const user = userOf(state[0], options.identifierProperty);
  return Object.freeze({ className, ...user, roles: rolesIn(state), firewall: firewallIn(token) });
}

/** Checks if nobody is signed in: Symfony does not accept a token that is not authenticated. */
function isNobody({ className, state: [user, isAuthenticated] }: StoredToken): boolean {
  return isAuthenticated === false || user === null || className === `${CORE}AnonymousToken`;
}

/** Returns the names of the roles, which were objects before Symfony 4.3. */
function rolesIn([, , objects, , names]: readonly Json[]): readonly string[] | undefined {
  const roles = names ?? objects ?? undefined;
  if (roles === undefined) return undefined;
  if (typeof roles !== "object" || isPhpValue(roles)) throw unreadable();
  return Object.freeze(Object.values(roles).map((role: Json) => textOf(isPhpValue(role) ? role.get("role") : role)));
}

function textOf(role: Json | undefined): string {
  if (typeof role === "string") return role;
  throw unreadable();
}

/** Returns the name of the firewall. At the same index, tokens of other classes may contain a secret. */
function firewallIn({ className, own }: StoredToken): string | undefined {
  const firewall = own[firewallIndexes.get(className) ?? own.length];
  return typeof firewall === "string" ? firewall : undefined;
}

const CORE = "Symfony\\Component\\Security\\Core\\Authentication\\Token\\";

const firewallIndexes: ReadonlyMap<string, number> = new Map([
  [`${CORE}UsernamePasswordToken`, 1],
  [`${CORE}RememberMeToken`, 1],
  [`${CORE}PreAuthenticatedToken`, 1],
  [`${CORE}SwitchUserToken`, 1],
  ["Symfony\\Component\\Security\\Http\\Authenticator\\Token\\PostAuthenticationToken", 0],
  ["Symfony\\Component\\Security\\Guard\\Token\\PostAuthenticationGuardToken", 0],
]);
