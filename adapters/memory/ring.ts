/** A place in a ring of places, which is ordered from the oldest to the newest use. */
export interface Place {
  older: this;
  newer: this;
}

/** Closes a ring that has one place: its fixed point, beside which are the oldest (`newer`) and the newest (`older`). */
export function close<P extends Place>(end: P): void {
  end.older = end;
  end.newer = end;
}

/** Puts a place in as the newest one. */
export function link<P extends Place>(place: P, end: P): void {
  place.newer = end;
  place.older = end.older;
  end.older.newer = place;
  end.older = place;
}

export function unlink<P extends Place>(place: P): void {
  place.newer.older = place.older;
  place.older.newer = place.newer;
}
