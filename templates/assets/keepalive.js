// Requests that outlive their page. Browsers limit them to 64 KiB in total.
const most = 63 * 1024;
let used = 0;

const bytes = new TextEncoder();
export const sizeOf = (text) => bytes.encode(text).length;

// room returns how many bytes can be sent now.
export const room = () => Math.max(0, most - used);

// sendAlive is fetch for a request that continues after the page is closed.
export async function sendAlive(url, request) {
  const size = sizeOf(request.body ?? "");
  used += size;
  try {
    return await fetch(url, { ...request, keepalive: true });
  } finally {
    used -= size;
  }
}

// encode returns a form body in as few bytes as possible: it escapes only characters that the
// server would misread, and no letters of any alphabet.
export function encode(list) {
  const plain = (value) =>
    String(value).replace(/[^A-Za-z0-9_.~\u0080-\uffff-]/g, (c) =>
      c === " " ? "+" : "%" + c.charCodeAt(0).toString(16).padStart(2, "0"),
    );
  return list.map(([name, value]) => plain(name) + "=" + plain(value)).join("&");
}

// partOf returns the part that changed between two texts, without their common start and end,
// truncated to a number of bytes. head and tail are the lengths of the common start and end;
// missing is the number of characters truncated.
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
