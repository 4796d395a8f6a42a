// Says what html-validate finds in pages: {path: html} comes in, [[path, rule, what, where], ...] goes out.
// node validate_pages.mjs <.venv/checks> <rules as JSON>

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [checks, rules] = process.argv.slice(2);
const { HtmlValidate, StaticConfigLoader } = createRequire(`${checks}/`)("html-validate");
const extended = ["html-validate:standard", "html-validate:a11y", "html-validate:document"];
const validator = new HtmlValidate(new StaticConfigLoader({ root: true, extends: extended, rules: JSON.parse(rules) }));

const found = [];
for (const [path, html] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  const { results } = await validator.validateString(html);
  for (const { messages } of results) for (const each of messages) found.push([path, each.ruleId, each.message, each.selector]);
}
process.stdout.write(JSON.stringify(found));
