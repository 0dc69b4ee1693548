/**
 * A decimal number written out, read whole: sign, digits with a point, exponent. undefined for anything else, so that a
 * decimal comma or a unit behind the digits is never cut off. Blanks around it are the caller's to take off.
 */
export const decimal = (text: string): number | undefined => {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
};
