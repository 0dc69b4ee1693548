/** Tensors, a gradient, and gradient descent by hand: y = 3 x - 1 is found from noisy points. */
import { mseLoss, openDevice, Rng, tidy } from "fiducial";

const device = await openDevice();
const rng = new Rng(7);
const x = rng.fork("x").uniform(device, [256, 1], { low: -1, high: 1 });
const y = x
  .mul(3)
  .sub(1)
  .add(rng.fork("noise").normal(device, [256, 1], { deviation: 0.05 }));
const slope = rng.fork("slope").normal(device, [1]).requireGrad();
const offset = rng.fork("offset").normal(device, [1]).requireGrad();
const numbers = async () => ({ slope: (await slope.data())[0], offset: (await offset.data())[0] });

for (let step = 0; step < 60; step++) {
  tidy(() => mseLoss(x.mul(slope).add(offset), y).backward());
  for (const p of [slope, offset]) {
    const [value, gradient] = [await p.data(), await p.grad!.data()];
    p.write(value.map((v, i) => v - 0.4 * gradient[i]));
    p.zeroGrad();
  }
}
const { slope: a, offset: b } = await numbers();
console.log(`y = ${a.toFixed(2)} x ${b < 0 ? "-" : "+"} ${Math.abs(b).toFixed(2)} on ${device.info.description}`);
device.destroy();
