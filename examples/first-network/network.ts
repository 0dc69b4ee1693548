/** A network that finds the center of a bright disc in a noisy image, its data, and its training. Runs in Node and in a browser. */
import { type Device, mseLoss, noGrad, type Random, Rng, type Tensor, tensor } from "fiducial";
import { softArgmax2d } from "fiducial/landmarks";
import { BatchNorm2d, Conv2d, chain, Layer, ReLU } from "fiducial/nn";
import { adam, Optimizer, tensorDataset } from "fiducial/training";

const size = 24;

/** `count` images of size x size pixels with a disc of radius 3 in noise, and the discs' centers as (column, row). */
export function discs(count: number, random: Random) {
  const images = new Float32Array(count * size * size);
  const centers = new Float32Array(count * 2);
  for (let i = 0; i < count; i++) {
    const [column, row] = [random.uniform(4, size - 5), random.uniform(4, size - 5)];
    centers.set([column, row], i * 2);
    for (let r = 0; r < size; r++)
      for (let c = 0; c < size; c++) {
        const inside = Math.hypot(c - column, r - row) < 3 ? 1 : 0;
        images[(i * size + r) * size + c] = inside + random.normal(0, 0.3);
      }
  }
  return { x: { data: images, shape: [count, 1, size, size] }, y: { data: centers, shape: [count, 1, 2] } };
}

/** Image [N, 1, H, W] -> a point [N, 1, 2] in pixels, (column, row). */
export class DiscFinder extends Layer {
  readonly conv1 = new Conv2d(1, 8, 5, { padding: 2, bias: false });
  readonly bn1 = new BatchNorm2d(8);
  readonly relu = new ReLU();
  readonly conv2 = new Conv2d(8, 1, 5, { padding: 2 });

  forward(x: Tensor): Tensor {
    return softArgmax2d(chain(x, this.conv1, this.bn1, this.relu, this.conv2));
  }
}

/** Trains a network on `device` and gives it back, ready for use. */
export async function train(device: Device, say: (line: string) => void): Promise<DiscFinder> {
  const rng = new Rng(1);
  const model = new DiscFinder().init(device, rng.fork("model"));
  const { x, y } = discs(512, rng.fork("data"));
  const data = tensorDataset(x, y, { batchSize: 32, shuffle: rng.fork("order") });
  const optimizer = new Optimizer(adam({ lr: 0.02 }), model.namedParameters());
  for (let epoch = 0; epoch < 8; epoch++) {
    let sum = 0;
    for (const batch of data.epoch(epoch)) {
      const { x, y } = data.upload(batch, device);
      const loss = mseLoss(model.call(x), y);
      loss.backward();
      optimizer.step();
      optimizer.zeroGrad();
      sum += (await loss.data())[0]; // reading a number back is the only wait
    }
    say(`epoch ${epoch + 1}: mean squared error ${(sum / data.length).toFixed(3)} pixels^2`);
  }
  return model.eval();
}

/** Mean distance between the points that a network finds in images it has not seen and the true ones, pixels. */
export async function test(model: DiscFinder, device: Device): Promise<number> {
  const { x, y } = discs(100, new Rng(2));
  const points = await noGrad(() => model.call(tensor(device, x.data, x.shape))).data();
  let sum = 0;
  for (let i = 0; i < 100; i++) sum += Math.hypot(points[2 * i] - y.data[2 * i], points[2 * i + 1] - y.data[2 * i + 1]);
  return sum / 100;
}
