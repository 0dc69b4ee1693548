import fc from "fast-check";

// A test run must end the same way every time, so properties draw from one fixed seed. `npm run fuzz` draws from a new
// one; what it finds becomes an example of its own.
fc.configureGlobal({ seed: Number(process.env.FIDUCIAL_FUZZ_SEED ?? 1) });
