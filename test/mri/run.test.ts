/** A run for scouts from plain bytes: what is read, what is loaded, what is refused. */
import { describe, expect, test } from "vitest";
import { fitTemplate } from "../../src/calibration/index.ts";
import { DataError, ParseError, StateError } from "../../src/errors.ts";
