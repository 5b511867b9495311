"""gRPC: the operations of the native API as typed services, and streams that HTTP has in another form.

The contract is `proto/penstock/v1/*.proto`, which `make clients` writes from the operations and their structs;
`contract.binpb` is the same as descriptors. A call of a service that answers once is a call of its operation.
"""
