/** The operation codes used here. https://github.com/memcached/memcached/wiki/BinaryProtocolRevamped */
export const opcodes = {
  set: 0x01,
  add: 0x02,
  delete: 0x04,
  noop: 0x0a,
  /** Like GET, and the reply includes the key. */
  getWithKey: 0x0c,
  stat: 0x10,
  touch: 0x1c,
  listMechanisms: 0x20,
  authenticate: 0x21,
  /** Like GAT, which gets and touches, and the reply includes the key. */
  getAndTouchWithKey: 0x23,
} as const;

/** The status codes of replies. https://github.com/memcached/memcached/wiki/BinaryProtocolRevamped#response-status */
export const statuses = { done: 0x00, notFound: 0x01, exists: 0x02, tooLarge: 0x03, notStored: 0x05 } as const;
