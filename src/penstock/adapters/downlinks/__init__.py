"""Network servers as they are asked to send: ChirpStack by gRPC, The Things Stack by HTTP."""
