/**
 * Number of slots that the masters of a Cluster share.
 * https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
 */
export const SLOTS = 16_384;

/**
 * Returns the slot of a key, computed from the part between the first opening brace and the next closing one, if there
 * is such a part.
 */
export function slotOf(key: string): number {
  const start = key.indexOf("{");
  const end = start < 0 ? -1 : key.indexOf("}", start + 1);
  return crc16(end > start + 1 ? key.slice(start + 1, end) : key) % SLOTS;
}

/** Returns the CRC-16/XMODEM of the UTF-8 bytes. */
function crc16(text: string): number {
  let crc = 0;
  for (const byte of Buffer.from(text)) crc = ((crc << 8) & 0xffff) ^ (crcOfByte[(crc >> 8) ^ byte] ?? 0);
  return crc;
}

const crcOfByte = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});
