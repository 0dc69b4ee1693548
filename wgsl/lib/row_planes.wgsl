// x [rows, rowPlanes, s] as planes of s entries. A plane has one channel, plane % channels; with ELEMENT each entry has its
// own (then a row is one plane, and `channels` counts the groups). WEIGHT and BIAS say which of the two there are.
override WX: u32 = 64u;
override WY: u32 = 1u;
override ELEMENT: u32 = 0u;
override WEIGHT: u32 = 0u;
