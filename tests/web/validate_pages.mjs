// Says what html-validate finds in pages: each line that comes in is {path: html}, and one line goes out for it,
// [[path, rule, what, where], ...].
// node validate_pages.mjs <.venv/checks> <rules as JSON>

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [checks, rules] = process.argv.slice(2);
const { HtmlValidate, StaticConfigLoader } = createRequire(`${checks}/`)("html-validate");
const extended = ["html-validate:standard", "html-validate:a11y", "html-validate:document"];
const validator = new HtmlValidate(new StaticConfigLoader({ root: true, extends: extended, rules: JSON.parse(rules) }));

for await (const line of createInterface({ input: process.stdin })) {
  const found = [];
  for (const [path, html] of Object.entries(JSON.parse(line))) {
    const { results } = await validator.validateString(html);
    for (const { messages } of results) for (const each of messages) found.push([path, each.ruleId, each.message, each.selector]);
  }
  console.log(JSON.stringify(found));
}
