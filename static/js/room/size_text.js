const STEPS = [["gigabyte", 2 ** 30], ["megabyte", 2 ** 20], ["kilobyte", 2 ** 10]];

/** How large something is, for people: "1.5 MB" for 1,572,864 bytes. */
export function sizeText(bytes, locale) {
  const [unit, size] = STEPS.find(([, least]) => bytes >= least) ?? ["byte", 1];
  const how = { style: "unit", unit, unitDisplay: unit === "byte" ? "long" : "short", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale, how).format(bytes / size);
}
