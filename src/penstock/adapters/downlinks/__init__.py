"""Sends downlinks through network servers: ChirpStack by gRPC, The Things Stack by HTTP."""
