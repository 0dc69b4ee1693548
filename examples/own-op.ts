/** An op from outside the package: snake(x) = x + sin(x)^2 (Ziyin, Hartwig, Ueda, NeurIPS 2020), with its gradient. */
import { apply, type Op, openDevice, Rng } from "fiducial";
import { linearGrid, parseShader } from "fiducial/kernels";

const wgsl = /* wgsl */ `
struct Params { n: u32 } @group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
override GRAD: u32 = 0u;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if (i >= params.n) { return; }
  y[i] = select(x[i] + sin(x[i]) * sin(x[i]), g[i] * (1.0 + sin(2.0 * x[i])), GRAD == 1u);
}`;
const shader = parseShader(wgsl, "own/snake.wgsl");
const op = (name: string, GRAD: number, backward?: Op<undefined>["backward"]): Op<undefined> => ({
  name,
  shape: ([x]) => x,
  forward(ctx, [x, g = x]) {
    const y = ctx.empty();
    const bindings = { x: x.binding("x"), g: g.binding("g"), y: y.binding("y") };
    ctx.device.dispatch({ shader, overrides: { GRAD } }, bindings, { n: x.size }, linearGrid(x.size));
    ctx.save(x);
    return y;
  },
  backward,
});
const slope = op("snake_grad", 1);
const curve = op("snake", 0, ({ saved: [x] }, g) => [apply(slope, [x, g], undefined)]);
const device = await openDevice();
const x = new Rng(3).normal(device, [4, 250]).requireGrad();
const y = apply(curve, [x], undefined);
y.sum().backward();
const [at, value, gradient] = await Promise.all([x.data(), y.data(), x.grad!.data()]);
const { abs, sin } = Math;
const right = at.filter((v, i) => abs(value[i] - v - sin(v) ** 2) + abs(gradient[i] - 1 - sin(2 * v)) < 1e-3);
console.log(`snake: ${right.length} of ${at.length} values and gradients agree with float64`);
device.destroy();
