// Prints the structure of a PDF as pdf.js reads it: a line for each element that has content, with its role
// and its text, page by page; and for each link what it leads to. Usage: node structure.mjs FOLDER-OF-PDFJS FILE
import { readFileSync } from "node:fs";
const say = console.log;
console.log = () => {}; // pdf.js says that it cannot draw here, which it need not
const [folder, file] = process.argv.slice(2);
const { getDocument, VerbosityLevel } = await import(`${folder}/legacy/build/pdf.mjs`);
const data = new Uint8Array(readFileSync(file));
const document = await getDocument({ data, verbosity: VerbosityLevel.ERRORS, useSystemFonts: false }).promise;
const { info, metadata } = await document.getMetadata();
say(`Title ${info.Title}`);
say(`UA ${metadata.get("pdfuaid:part")}`);
say(`Language ${info.Language}`);
for (const bookmark of (await document.getOutline()) ?? []) {
  say(`Bookmark ${bookmark.title}`);
}
for (let number = 1; number <= document.numPages; number++) {
  const page = await document.getPage(number);
  const texts = new Map();
  const open = [];
  for (const item of (await page.getTextContent({ includeMarkedContent: true })).items) {
    if (item.type === "endMarkedContent") {
      open.pop();
    } else if (item.type) {
      open.push(item.id);
    } else if (open.at(-1)) {
      texts.set(open.at(-1), (texts.get(open.at(-1)) ?? "") + item.str + (item.hasEOL ? " " : ""));
    }
  }
  print(await page.getStructTree(), texts);
  for (const link of await page.getAnnotations()) {
    if (!link.dest) continue;
    const [to, , , y] = link.dest;
    say(`Leads ${link.contentsObj.str} ${(await document.getPageIndex(to)) + 1} ${Math.round(y)}`);
  }
}
await document.destroy();

function print(node, texts) {
  const own = node.children.filter((child) => child.type === "content").map((child) => texts.get(child.id) ?? "");
  if (own.length || node.alt) {
    say(`${node.role} ${node.alt ?? own.join("")}`.replace(/\s+/g, " ").trim());
  }
  for (const child of node.children) {
    if (child.role) {
      print(child, texts);
    }
  }
}
