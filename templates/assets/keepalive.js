// Requests that outlive their page. A browser lets them carry 64 KiB in all.
const most = 63 * 1024;
let used = 0;

const bytes = new TextEncoder();
export const sizeOf = (text) => bytes.encode(text).length;

// room is how much can be sent now.
export const room = () => Math.max(0, most - used);

// sendAlive is fetch for a request that goes on when the page is closed.
export async function sendAlive(url, request) {
  const size = sizeOf(request.body ?? "");
  used += size;
  try {
    return await fetch(url, { ...request, keepalive: true });
  } finally {
    used -= size;
  }
}

// encode writes a form as the server reads it, in as few bytes as it can: only
// what has a meaning there is escaped. Letters of any alphabet stay as they are.
export function encode(list) {
  const plain = (value) =>
    String(value).replace(/[^A-Za-z0-9_.~\u0080-\uffff-]/g, (c) =>
      c === " " ? "+" : "%" + c.charCodeAt(0).toString(16).padStart(2, "0"),
    );
  return list.map(([name, value]) => plain(name) + "=" + plain(value)).join("&");
}

// partOf returns what changed from one text to another, without the characters
// that both begin and end with, and cut to a number of bytes: head and tail are
// how many they share, missing is how many were cut off.
export function partOf(from, to, bytesLeft) {
  const old = Array.from(from),
    all = Array.from(to),
    shared = Math.min(old.length, all.length);
  let head = 0,
    tail = 0;
  while (head < shared && old[head] === all[head]) head++;
  while (tail < shared - head && old[old.length - 1 - tail] === all[all.length - 1 - tail]) tail++;
  const changed = all.slice(head, all.length - tail);
  let fits = 0;
  for (let left = bytesLeft; fits < changed.length; fits++) {
    left -= sizeOf(encode([["", changed[fits]]])) - 1;
    if (left < 0) break;
  }
  return { head, tail, text: changed.slice(0, fits).join(""), missing: changed.length - fits };
}
