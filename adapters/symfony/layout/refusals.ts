/** The refusal of a value that another session, or another state of this one, would be needed for. */
export function notSelfContained(): TypeError {
  return new TypeError(
    "A PHP value of another session, or of an earlier state of this one, can only be stored if it refers to nothing outside of it.",
  );
}

/** The refusal of a reference at another place than its own. */
export function movedReference(): TypeError {
  return new TypeError("A PHP reference (R:) cannot be moved or copied; store the value that it refers to.");
}

/** The refusal of a change of what a reference refers to. */
export function lostTarget(): TypeError {
  return new TypeError(
    "A value cannot be replaced, moved or deleted while a PHP reference (R:) elsewhere in the session refers to it.",
  );
}

/** The refusal of a change that would move unknown numbers. */
export function unknownNumbers(): TypeError {
  return new TypeError(
    "The session contains an object that has serialized itself (C:), behind which the numbers of references are unknown: a change that would move one is refused.",
  );
}

/** The refusal of a session that PHP would not read. */
export function tooDeep(): TypeError {
  return new TypeError(`A PHP session cannot be nested more than ${MAX_LEVELS} levels deep.`);
}

/** The levels that PHP reads with its default `unserialize_max_depth`. */
export const MAX_LEVELS = 4096;
