import type { Noise } from "./noise.ts";
import type { Subject } from "./subject.ts";

/** How far inside the neck, mm: an upright column below the skull, of a section between oval and box. */
export function inNeck(x: number, y: number, z: number, width: number): number {
  const a = (x / (61 * width)) ** 2;
  const b = ((y - 9 - (z + 90) * 0.05) / 67) ** 2;
  const k = 0.7 * Math.sqrt(a + b) + 0.3 * Math.sqrt(Math.sqrt(a * a + b * b));
  const inside = (1 - k) * 60;
  const above = z + 92;
  return above > 0 && -above < inside ? -above : inside;
}

/**
 * Brightness of what covers the brain at a point `under` mm below the skin and `outside` mm off the brain: skin, fat,
 * scalp or muscle, skull, cerebrospinal fluid.
 */
export type Cover = (x: number, y: number, z: number, under: number, outside: number) => number;

export function coverOf(subject: Subject, noise: Noise): Cover {
  const t = subject.contrast;
  const { scalpThickness, skullThickness } = subject;
  const soft = (x: number, y: number, z: number, under: number, coarse: number): number => {
    const grain = noise.at(x / 6, y / 6, z / 9);
    let v: number;
    if (under < 1.5) return t.skin;
    if (z > -25 && (y < 40 || z > 10)) {
      const shade = 1.1 - z / 200;
      v = t.scalp * (1 + 0.15 * grain) * (z > 20 ? Math.max(shade, 0.82) : 1);
    } else {
      // Muscles with sheets of fat and small vessels between them.
      const plane = Math.abs(noise.at(x / 13 + 4.4, y / 17, z / 30 + 2) + 0.35 * grain);
      v = t.muscle * (1 + 0.2 * grain + 0.15 * coarse);
      if (plane < 0.16) v += (1 - plane / 0.16) * (grain > -0.1 ? 0.75 : -0.5) * (t.fat - v);
    }
    // Fat under the skin, thicker in cheeks and nape.
    const fat = z > -20 ? 1 - Math.abs(under - 4) / 2.5 : 1 - Math.abs(under - 6) / 5;
    if (fat > 0) v += fat * (z > 30 ? 0.35 : z > -20 ? 0.5 : 0.6) * (t.fat - v) * (0.85 + 0.5 * coarse);
    return v;
  };
  return (x, y, z, under, outside) => {
    const coarse = noise.at(x / 22 + 9, y / 22, z / 28);
    const v = soft(x, y, z, under, coarse);
    const base = z < -22 && y < 35;
    const temple = (x > 40 || x < -40) && z < 25 && y < 30;
    const thickness = 1 + (base ? 4 : skullThickness * (1 + 0.2 * coarse) * (temple ? 0.62 : 1));
    if (outside > thickness + 1.2) return v;
    // Skull: from the cerebrospinal fluid outwards, as far as the scalp leaves room; marrow between its two tables.
    let bone = Math.min(1, (thickness + 1.2 - outside) / 2);
    const room = under - scalpThickness * (z > 0 ? 0.85 : 1);
    if (!base && room < 1) bone *= Math.max(0, 0.5 + room / 2);
    const middle = Math.abs(outside - 1.5 - thickness / 2) / (thickness / 2);
    const marrow = Math.max(0, 0.9 - 1.6 * middle) * (t.marrow - t.bone) * (0.7 + coarse);
    const skull = v + bone * (t.bone + (base ? 0.06 : marrow) - v);
    return outside < 2 ? skull + (1 - outside / 2) * 0.7 * (t.csf * 0.9 - skull) : skull;
  };
}
