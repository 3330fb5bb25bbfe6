// What scripts say, in the language of the page, which brings the sentences of
// any but English.
const said = JSON.parse(document.querySelector("[data-words]")?.content.textContent || "{}");

export const say = (sentence) => said[sentence] ?? sentence;
