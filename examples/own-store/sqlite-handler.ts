import {
  type Clock,
  type HandlerOptions,
  type SessionHandler,
  type StoredSession,
  systemClock,
  type Version,
} from "sessionwire";
import { createGuardedHandler, type SessionBackend } from "sessionwire/backend";
import type { Database, SqlValue } from "sql.js";

/** A row as it was found: the data, and the version, which counts the writes to this table. */
type Row = [data: Uint8Array, version: number];

/**
 * Keeps sessions in an SQLite table. It shows everything that a custom store has to do: each step is one statement, so
 * that nothing can come between comparing and writing, and expired rows count as absent.
 */
export function createSqliteHandler(database: Database, options: HandlerOptions = {}): SessionHandler {
  database.run(
    "CREATE TABLE IF NOT EXISTS sessions (key TEXT PRIMARY KEY, data BLOB, version INTEGER, expiresAt REAL)",
  );
  database.run("CREATE TABLE IF NOT EXISTS counter (version INTEGER)");
  database.run("INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM counter)");
  const { clock = systemClock } = options;
  return createGuardedHandler(createBackend(database, clock), { ...options, name: "SQLite", clock });
}

function createBackend(database: Database, clock: Clock): SessionBackend {
  return {
    read(key, ttlSeconds) {
      if (ttlSeconds !== undefined) prolong(key, ttlSeconds);
      return find(key);
    },

    write(key, data, { replaces, ttlSeconds }) {
      const version = nextVersion();
      const expiresAt = clock.now() + ttlSeconds * 1000;
      const values = [data, version, expiresAt, key, clock.now()];
      if (replaces === undefined) {
        // An expired row counts as absent, and makes room.
        run("DELETE FROM sessions WHERE key = ? AND expiresAt <= ?", [key, clock.now()]);
        run("INSERT OR IGNORE INTO sessions (data, version, expiresAt, key) VALUES (?, ?, ?, ?)", values.slice(0, 4));
      } else {
        const condition = "WHERE key = ? AND expiresAt > ? AND version = ?";
        run(`UPDATE sessions SET data = ?, version = ?, expiresAt = ? ${condition}`, [...values, Number(replaces)]);
      }
      if (database.getRowsModified() === 1) return { written: true, version: asVersion(version) };
      return { written: false, current: find(key) };
    },

    touch: (key, ttlSeconds) => prolong(key, ttlSeconds),

    destroy(key, replaces) {
      const [condition, values] = replaces === undefined ? ["", []] : [" AND version = ?", [Number(replaces)]];
      run(`DELETE FROM sessions WHERE key = ? AND expiresAt > ?${condition}`, [key, clock.now(), ...values]);
      if (database.getRowsModified() === 1) return { destroyed: true };
      return { destroyed: false, current: find(key) };
    },

    close() {}, // the database belongs to the caller
  };

  function find(key: string): StoredSession | undefined {
    const sql = "SELECT data, version FROM sessions WHERE key = ? AND expiresAt > ?";
    const [row] = database.exec(sql, [key, clock.now()])[0]?.values ?? [];
    if (row === undefined) return undefined;
    const [data, version] = row as Row; // as the table defines it
    return { data: new Uint8Array(data), version: asVersion(version) };
  }

  function prolong(key: string, ttlSeconds: number): boolean {
    const expiresAt = clock.now() + ttlSeconds * 1000;
    run("UPDATE sessions SET expiresAt = ? WHERE key = ? AND expiresAt > ?", [expiresAt, key, clock.now()]);
    return database.getRowsModified() === 1;
  }

  /** Returns a number that was never used before, so that a session created again is not taken for its predecessor. */
  function nextVersion(): number {
    const [[version] = []] =
      database.exec("UPDATE counter SET version = version + 1 RETURNING version")[0]?.values ?? [];
    return Number(version);
  }

  function run(sql: string, values: SqlValue[]): void {
    database.run(sql, values);
  }
}

function asVersion(version: number): Version {
  return String(version) as Version; // the only place where this store creates versions
}
