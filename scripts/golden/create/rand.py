from common.streams import streamed

streamed("rand", 1, lambda u: u[:, 0])
