const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text for HTML and SVG, in elements and in quoted attributes; control characters become spaces. */
export const escapeHtml = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
  text.replace(/[&<>"']/g, (c) => named[c]).replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, " ");

/** Bytes as base64, without Node. */
export const base64 = (bytes: Uint8Array): string => {
  let text = "";
  // 8190 is a multiple of 3, so that the parts join without padding.
  for (let at = 0; at < bytes.length; at += 8190) text += btoa(String.fromCharCode(...bytes.subarray(at, at + 8190)));
  return text;
};

/** A number as a reader wants it: at most four significant digits, "–" for none. */
export const formatNumber = (value: number | null | undefined): string => {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return String(value).replace("-", "−");
  const text =
    size >= 1e5 || size < 1e-3
      ? value.toExponential(2)
      : size >= 1000
        ? value.toFixed(0)
        : value.toPrecision(size >= 100 ? 4 : 3);
  return text.replace("-", "−");
};
