const STEPS = [["GB", 2 ** 30], ["MB", 2 ** 20], ["kB", 2 ** 10]];

/** How large something is, for people: "1.5 MB" for 1,572,864 bytes; as the server says it (chatapp/size_text.py). */
export function sizeText(bytes, locale) {
  const [unit, size] = STEPS.find(([, least]) => bytes >= least) ?? ["B", 1];
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(bytes / size)} ${unit}`;
}
