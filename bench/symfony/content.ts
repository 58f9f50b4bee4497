/** The same content as JSON and as a session of Symfony. */
export interface SameContent {
  readonly json: string;
  readonly session: Uint8Array;
}

/** The sentences of which the texts consist. */
export const sentences = {
  ASCII: "Sessions of a PHP application, read and written from Node without harm. ",
  "UTF-8": "Žluťoučký kůň, größer, déjà vu, 日本語のテキスト und ein Emoji 😀. ",
};

/** Returns orders of a shop, nested arrays with strings and numbers, that take `bytes` in this notation. */
export function ordersOf(bytes: number, sentence: string, notation: (value: unknown) => string): SameContent {
  const orders: unknown[] = [];
  for (let length = 0; length < bytes; length += Buffer.byteLength(notation(orders.at(-1)))) {
    orders.push(orderOf(orders.length, sentence));
  }
  const attributes = { name: "Ada", orders };
  const metadata = '_sf2_meta|a:3:{s:1:"u";i:1700000000;s:1:"c";i:1700000000;s:1:"l";i:0;}';
  return {
    json: JSON.stringify(attributes),
    session: new TextEncoder().encode(`_sf2_attributes|${serialized(attributes)}${metadata}`),
  };
}

function orderOf(index: number, sentence: string) {
  return {
    id: 100_000 + index,
    total: 9.99 + index / 4,
    isPaid: index % 3 === 0,
    coupon: null,
    note: index % 5 === 0 ? sentence.repeat(5) : "",
    address: { street: `${sentence.slice(0, 20)} ${index}`, city: "Brussels", zip: String(1000 + index) },
    items: Array.from({ length: 3 }, (_, item) => ({ sku: `A-${index}-${item}`, quantity: item + 1, price: 19.95 })),
    tags: ["new", "gift", sentence.slice(0, 10)],
  };
}

/** Returns the content as `serialize()` of PHP writes it. */
export function serialized(value: unknown): string {
  if (value === null) return "N;";
  if (typeof value === "string") return `s:${Buffer.byteLength(value)}:"${value}";`;
  if (typeof value === "boolean") return `b:${Number(value)};`;
  if (typeof value === "number") return `${Number.isInteger(value) ? "i" : "d"}:${value};`;
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value as object);
  return `a:${members.length}:{${members.flat().map(serialized).join("")}}`;
}
