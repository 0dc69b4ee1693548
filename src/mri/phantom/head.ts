import type { Mat3 } from "../../geometry/mat3.ts";
import type { Point3 } from "../../geometry/vec3.ts";
import type { Volume } from "../../io/image.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import type { Random } from "../../random.ts";
import { type PhantomCanvas, size, stretchCanvas } from "./canvas.ts";
import { paintFace } from "./face.ts";
import { paintForebrain } from "./forebrain.ts";
import { paintGround } from "./ground.ts";
import { paintHindbrain } from "./hindbrain.ts";
import { Noise } from "./noise.ts";
import { axesOf, drawSubject, type PoseOptions, type Subject } from "./subject.ts";
import { drawSurfaces } from "./surfaces.ts";
import { paintThroat } from "./throat.ts";

export type HeadOptions = PoseOptions;
const headKeys: KeysOf<HeadOptions> = { rotation: 1, shift: 1, poseSpread: 1 };

/** A made head: picture, regions, and the pose it was made in. */
export interface MadeHead {
  /** Intensity, uint8, [120, 120, 90] voxels of 2 mm; indices run to posterior, superior, right. */
  readonly volume: Volume;
  /** Region numbers on the same grid, 0 outside the brain (MUSE numbering, as real label volumes have). */
  readonly labels: Volume;
  /** Rows: left, posterior and superior of the anatomy in LPS, as the head was placed (the warp takes no part). */
  readonly axes: Mat3;
  /** Where the middle of the mean brain's box was placed, LPS mm. */
  readonly center: Point3<"lps">;
}

/** Brightness to gray values: the coil's shading, the head's gain, a little noise. */
function develop(canvas: PhantomCanvas, subject: Subject, random: Random): Uint8Array {
  const out = new Uint8Array(canvas.value.length);
  const { x, y, z, value } = canvas;
  const tilt = [random.normal(0, 0.0006), random.normal(0, 0.0006), random.normal(0, 0.0006)];
  // Noise of a magnitude image: cheap, since the eye and the network only see its spread. A table of 4096 is walked in
  // odd steps.
  const level = random.uniform(0.6, 2);
  const table = Float32Array.from({ length: 4096 }, () => random.normal(0, level));
  let walk = random.integer(4096);
  for (let o = 0; o < out.length; o++) {
    walk = (walk + 1 + (o & 63) * 7) & 4095;
    const v = value[o];
    let gray = v * subject.gain;
    if (v > 0.021) {
      const px = x[o];
      const py = y[o] - 6;
      const pz = z[o] + 18;
      const f = 1 / (1 + (px * px + py * py + pz * pz) / 3600);
      gray *= 0.85 + subject.shading * 1.6 * f * f + tilt[0] * px + tilt[1] * py + tilt[2] * pz;
    }
    gray += table[walk];
    out[o] = gray < 0 ? -gray : gray > 255 ? 255 : gray + 0.5;
  }
  return out;
}

/** Averages every voxel a little with its neighbors along each axis: a scanner's own blur. In place. */
function blur(data: Float32Array): void {
  const [ni, nj, nk] = size;
  const strides = [1, ni, ni * nj];
  const n = data.length;
  for (let a = 0; a < 3; a++) {
    const s = strides[a];
    const length = [ni, nj, nk][a];
    for (let start = 0; start < n; start++) {
      if (((start / s) | 0) % length !== 0) {
        // Skip to the next line's first voxel.
        start += s * (length - 1) - 1;
        continue;
      }
      let before = data[start];
      for (let m = 0, o = start; m < length; m++, o += s) {
        const here = data[o];
        const after = m + 1 < length ? data[o + s] : here;
        data[o] = 0.7 * here + 0.15 * (before + after);
        before = here;
      }
    }
  }
}

/**
 * One synthetic adult head as a T1-like volume with its regions: skin, skull, folded cortex, white matter, ventricles,
 * callosum, deep nuclei, stem, cerebellum, eyes, air spaces, face and neck; size, shape, contrast and pose are drawn.
 * The same stream (by its key; what was drawn from it does not matter) and options give the same head, bit for bit.
 */
export function makeHead(random: Random, options: HeadOptions = {}): MadeHead {
  checkOptions("makeHead", options, headKeys);
  const subject = drawSubject(random.fork("subject"), options);
  const noise = new Noise(random.fork("noise"));
  const surfaces = drawSurfaces(random.fork("surfaces"), noise, subject);
  const canvas = stretchCanvas(subject, noise, 4);
  paintGround(canvas, surfaces, subject, noise);
  paintFace(canvas, subject, random.fork("face"));
  paintThroat(canvas, subject, random.fork("throat"));
  paintHindbrain(canvas, subject, random.fork("hindbrain"));
  paintForebrain(canvas, subject, random.fork("forebrain"));
  blur(canvas.value);
  const affine = { linear: canvas.linear, offset: canvas.offset };
  const { middle, shift } = subject;
  return {
    volume: { size, data: develop(canvas, subject, random.fork("film")), affine },
    labels: { size, data: canvas.label, affine },
    axes: axesOf(subject.rotation),
    center: [middle[0] + shift[0], middle[1] + shift[1], middle[2] + shift[2]],
  };
}

/** `n` heads, one at a time; head i is decided by the stream's key and i alone. */
export function* exampleHeads(random: Random, n: number, options: HeadOptions = {}): Generator<MadeHead> {
  for (let i = 0; i < n; i++) yield makeHead(random.fork(i), options);
}
