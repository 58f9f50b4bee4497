import { MAX_DEPTH } from "../php-text/nodes.ts";

/** Refuses a value that refers to another session, or to an earlier state of this one. */
export function notSelfContained(): TypeError {
  return new TypeError(
    "A PHP value of another session, or of an earlier state of this one, can only be stored if it refers to nothing outside of it.",
  );
}

/** Refuses a reference that was moved or copied. */
export function movedReference(): TypeError {
  return new TypeError("A PHP reference (R:) cannot be moved or copied; store the value that it refers to.");
}

/** Refuses a change of the target of a reference. */
export function lostTarget(): TypeError {
  return new TypeError(
    "A value cannot be replaced, moved or deleted while a PHP reference (R:) elsewhere in the session refers to it.",
  );
}

/** Refuses a change that would alter unknown numbers. */
export function unknownNumbers(): TypeError {
  return new TypeError(
    "The session contains a Serializable object (C:), after which the numbers of references are unknown: a change that would alter one is refused.",
  );
}

/** Refuses a session that PHP would not read. */
export function tooDeep(): TypeError {
  return new TypeError(`A PHP session cannot be nested more than ${MAX_DEPTH} levels deep.`);
}
