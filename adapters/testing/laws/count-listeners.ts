/** Counts the listeners of a signal. */
export function countListeners(signal: AbortSignal = new AbortController().signal): {
  signal: AbortSignal;
  listeners: () => number;
} {
  let count = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count += 1;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count -= 1;
    remove(...args);
  };
  return { signal, listeners: () => count };
}
