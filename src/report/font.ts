/**
 * A bitmap font of 5 x 7 pixels, drawn for this package, so that a picture can be lettered without any font file. Each
 * glyph is seven digits in base 32, a row each from the top, the highest bit on the left.
 */
const glyphs: Readonly<Record<string, string>> = {
  A: "ehhvhhh",
  B: "uhhuhhu",
  C: "ehggghe",
  D: "uhhhhhu",
  E: "vgguggv",
  F: "vgguggg",
  G: "ehgnhhe",
  H: "hhhvhhh",
  I: "e44444e",
  J: "72222ic",
  K: "hikokih",
  L: "ggggggv",
  M: "hrllhhh",
  N: "hhpljhh",
  O: "ehhhhhe",
  P: "uhhuggg",
  Q: "ehhhlid",
  R: "uhhukih",
  S: "fgge11u",
  T: "v444444",
  U: "hhhhhhe",
  V: "hhhhha4",
  W: "hhhllla",
  X: "hha4ahh",
  Y: "hhha444",
  Z: "v1248gv",
  a: "00e1fhf",
  b: "ggmphhu",
  c: "00egghe",
  d: "11djhhf",
  e: "00ehvge",
  f: "698s888",
  g: "0fhhf1e",
  h: "ggmphhh",
  i: "40c444e",
  j: "20622ic",
  k: "ggikoki",
  l: "c44444e",
  m: "00qllhh",
  n: "00mphhh",
  o: "00ehhhe",
  p: "00uhhug",
  q: "00fhhf1",
  r: "00mpggg",
  s: "00ege1u",
  t: "88s8896",
  u: "00hhhjd",
  v: "00hhha4",
  w: "00hhlla",
  x: "00ha4ah",
  y: "00hhf1e",
  z: "00v248v",
  "0": "ehjlphe",
  "1": "4c4444e",
  "2": "eh1248v",
  "3": "v2421he",
  "4": "26aiv22",
  "5": "vgu11he",
  "6": "68guhhe",
  "7": "v124888",
  "8": "ehhehhe",
  "9": "ehhf12c",
  " ": "0000000",
  ".": "00000cc",
  ",": "0000c48",
  "-": "000v000",
  "+": "044v440",
  _: "000000v",
  ":": "0cc0cc0",
  "/": "01248g0",
  "(": "2488842",
  ")": "8422248",
  "%": "op248j3",
  "=": "00v0v00",
  "?": "eh12404",
  "<": "248g842",
  ">": "8421248",
  "°": "ciic000",
  "#": "aavavaa",
  "'": "c480000",
  "±": "44v440v",
  "*": "04lel40",
  "!": "4444404",
};

export const glyphWidth = 5;
export const glyphHeight = 7;
/** From one glyph's left edge to the next one's. */
export const advance = 6;

/** Width of a text in font pixels. */
export const textWidth = (text: string): number => Math.max(0, [...text].length * advance - 1);

/** Calls `paint` for every font pixel (column, row) that a text sets, from (0, 0) at its top left. Unknown letters are "?". */
export const eachTextPixel = (text: string, paint: (column: number, row: number) => void): void => {
  [...text].forEach((letter, i) => {
    const rows = glyphs[letter] ?? glyphs["?"];
    for (let row = 0; row < glyphHeight; row++) {
      const bits = Number.parseInt(rows[row], 32);
      for (let column = 0; column < glyphWidth; column++) if (bits & (16 >> column)) paint(i * advance + column, row);
    }
  });
};
