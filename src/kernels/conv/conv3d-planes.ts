import type { Binding, Device } from "../../device/index.ts";
import { rowGrid } from "../common/rows.ts";
import { withFloats } from "../common/scratch.ts";
import { copyStrided } from "../layout/strided.ts";
import { conv3dPlanes } from "../wgsl/conv3d-planes.ts";
import { conv3dPlanesInputGrad } from "../wgsl/conv3d-planes-input-grad.ts";
import type { ConvVariant } from "./conv-variant.ts";
import { conv2dForward, conv2dInputGrad, conv2dWeightGrad } from "./conv2d.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import type { Conv3dDims } from "./conv3d-dims.ts";

/**
 * A 3-D convolution as one of 2-D: every output depth is an image whose channels are the c * kd planes it looks at, and
 * the weights [o, c / groups, kd, kh, kw] lie in memory as [o, c / groups * kd, kh, kw].
 */
const flat = (d: Conv3dDims): Conv2dDims => ({
  n: d.n * d.outD,
  c: d.c * d.kd,
  h: d.h,
  w: d.w,
  o: d.o,
  kh: d.kh,
  kw: d.kw,
  strideH: d.strideH,
  strideW: d.strideW,
  padTop: d.padTop,
  padLeft: d.padLeft,
  dilationH: d.dilationH,
  dilationW: d.dilationW,
  groups: d.groups,
  outH: d.outH,
  outW: d.outW,
});

const planesBytes = (d: Conv3dDims): number => 4 * d.n * d.outD * d.c * d.kd * d.h * d.w;
const outputBytes = (d: Conv3dDims): number => 4 * d.n * d.outD * d.o * d.outH * d.outW;

/** Bytes of the largest buffer that this takes for a while. */
const scratch = (d: Conv3dDims): number => Math.max(planesBytes(d), outputBytes(d));

/** Scratch memory that is too much to ask for. */
const mostScratch = 256 * 2 ** 20;

/** Lends memory for `bytes` of float32 numbers, which are as wide as those of `like`. */
const withNumbers = <T>(device: Device, bytes: number, like: Binding, what: string, use: (scratch: Binding) => T): T =>
  withFloats(device, bytes / 4, `conv3d's ${what}`, use, like.half);

const planesParams = (d: Conv3dDims) => ({
  c: d.c,
  d: d.d,
  kd: d.kd,
  outD: d.outD,
  stride: d.strideD,
  pad: d.padFront,
  dilation: d.dilationD,
  inner: d.h * d.w,
});

const withPlanes = (device: Device, x: Binding, d: Conv3dDims, use: (planes: Binding) => void): void =>
  withNumbers(device, planesBytes(d), x, "planes", (u) => {
    const rows = d.n * d.outD * d.c * d.kd;
    const { overrides, each, groups } = rowGrid(d.h * d.w, rows);
    device.dispatch({ shader: conv3dPlanes, overrides }, { x, u }, { rows, each, ...planesParams(d) }, groups);
    use(u);
  });

/** Copies between [n, o, outD, ...], as tensors lie, and [n, outD, o, ...], as the images of the planes lie. */
function swap(device: Device, from: Binding, to: Binding, d: Conv3dDims, toImages: boolean): void {
  const area = d.outH * d.outW;
  const tensor = [d.o * d.outD * area, area, d.outD * area, 1];
  const images = [d.o * d.outD * area, d.o * area, area, 1];
  copyStrided(
    device,
    { binding: from, offset: 0, strides: toImages ? tensor : images },
    { binding: to, offset: 0, strides: toImages ? images : tensor },
    [d.n, d.outD, d.o, area],
  );
}

/** Whether the two orders are the same numbers in the same places. */
const alike = (d: Conv3dDims): boolean => d.outD === 1 || d.o === 1;

const withImages = (device: Device, g: Binding, d: Conv3dDims, use: (images: Binding) => void): void => {
  if (alike(d)) use(g);
  else
    withNumbers(device, outputBytes(d), g, "images", (images) => {
      swap(device, g, images, d, true);
      use(images);
    });
};

/**
 * Gathers the planes each output depth looks at and runs conv2d's kernels on them, two to three times as fast on lavapipe; takes kd
 * times the memory of x for a while.
 */
export const planes = {
  name: "planes",
  fits: (d, { limits }) => scratch(d) <= limits.maxStorageBufferBindingSize,
  cost: (d) => (scratch(d) <= mostScratch ? 0.5 : 2),

  forward(device, { x, w, bias, y }, d) {
    withPlanes(device, x, d, (u) => {
      if (alike(d)) conv2dForward(device, { x: u, w, bias, y }, flat(d));
      else
        withNumbers(device, outputBytes(d), y, "images", (images) => {
          conv2dForward(device, { x: u, w, bias, y: images }, flat(d));
          swap(device, images, y, d, false);
        });
    });
  },

  inputGrad(device, { g, w, inputGrad }, d) {
    withNumbers(device, planesBytes(d), g, "gradient of the planes", (planesGrad) => {
      withImages(device, g, d, (images) => conv2dInputGrad(device, { g: images, w, inputGrad: planesGrad }, flat(d)));
      const rows = d.n * d.c * d.d;
      const { overrides, each, groups } = rowGrid(d.h * d.w, rows);
      const params = { rows, each, ...planesParams(d) };
      device.dispatch({ shader: conv3dPlanesInputGrad, overrides }, { planesGrad, inputGrad }, params, groups);
    });
  },

  weightGrad(device, { x, g, weightGrad }, d) {
    withPlanes(device, x, d, (u) =>
      withImages(device, g, d, (images) => conv2dWeightGrad(device, { x: u, g: images, weightGrad }, flat(d))),
    );
  },
} as const satisfies ConvVariant<Conv3dDims>;
