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
  /** The class of the user; `undefined` if the token, of an older Symfony, contains the identifier only. */
  readonly userClass: string | undefined;
  /**
   * The names of the roles at the time of signing in; `undefined` if the token contains none, because Symfony asks the
   * user for them (from 7.3 on, if the user implements `EquatableInterface`).
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
   * The property of the user that `getUserIdentifier()` returns.
   *
   * @defaultValue the first of `userIdentifier`, `username` and `email` that the user has
   */
  readonly identifierProperty?: string | undefined;
}

/**
 * Returns the user who is signed in at a firewall of Symfony; `undefined` if nobody is.
 *
 * @remarks
 * - `firewall` is the name of the firewall, or its `context` if it has one.
 * - Only what a {@link SecurityToken} has leaves the token: no password, and no other property of the user.
 * - Symfony loads the user again at each request, and signs out one who has changed. The token shows the user as at the
 *   last request.
 * - Only Symfony changes tokens.
 *
 * @throws SessionError with code `corrupt` for a token that it cannot read, and `TypeError` if the identifier of the
 * user is not found. No message contains anything of the token.
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

/** Symfony does not accept a token that is not authenticated. */
function isNobody({ className, state: [user, isAuthenticated] }: StoredToken): boolean {
  return isAuthenticated === false || user === null || className === `${CORE}AnonymousToken`;
}

/** Before Symfony 4.3, roles were objects. */
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

/** In tokens of other classes, a secret may stand at the same place. */
function firewallIn({ className, own }: StoredToken): string | undefined {
  const firewall = own[placesOfFirewalls.get(className) ?? own.length];
  return typeof firewall === "string" ? firewall : undefined;
}

const CORE = "Symfony\\Component\\Security\\Core\\Authentication\\Token\\";

const placesOfFirewalls: ReadonlyMap<string, number> = new Map([
  [`${CORE}UsernamePasswordToken`, 1],
  [`${CORE}RememberMeToken`, 1],
  [`${CORE}PreAuthenticatedToken`, 1],
  [`${CORE}SwitchUserToken`, 1],
  ["Symfony\\Component\\Security\\Http\\Authenticator\\Token\\PostAuthenticationToken", 0],
  ["Symfony\\Component\\Security\\Guard\\Token\\PostAuthenticationGuardToken", 0],
]);
