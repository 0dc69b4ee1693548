// A workgroup walks LANES * EACH elements (numbers, or fours of them), LANES apart. GPUs want wide workgroups; software adapters
// run the subgroups of one after the other, so that only a workgroup of a single subgroup meets memory in its order.
override LANES: u32 = 64u;
override EACH: u32 = 4u;
