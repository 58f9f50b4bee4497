/** Bytes as text of which each character is a byte; so many at a time as a call takes arguments. */
export function textOfBytes(data: Uint8Array): string {
  let text = "";
  for (let start = 0; start < data.length; start += AT_A_TIME) {
    text += String.fromCharCode(...data.subarray(start, start + AT_A_TIME));
  }
  return text;
}

export function bytesOfText(text: string): Uint8Array {
  const data = new Uint8Array(text.length);
  for (let place = 0; place < text.length; place += 1) data[place] = text.charCodeAt(place);
  return data;
}

/** Whether each character is a byte: other ones come from an answer that was garbled. */
export function isOfBytes(text: string): boolean {
  return !/[^\0-\xff]/.test(text);
}

const AT_A_TIME = 8192;
